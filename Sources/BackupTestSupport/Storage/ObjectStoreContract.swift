package import BackupCore

/// What every object store does. Each check throws ``TestFailure`` with what went wrong.
package struct ObjectStoreContract: Sendable {
    package let name: String
    package let check: @Sendable (any ObjectStore) async throws -> Void

    /// In an order in which they can share one store.
    package static let all: [ObjectStoreContract] = [
        .init("an object comes back as it was stored, at the sizes where parts begin and end") { store in
            for size in [0, 1, 1000, (1 << 20) - 1, 1 << 20, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, (16 << 20) + 7] {
                let key = try ObjectKey("contract/size-\(size)")
                let bytes = StoreBytes.noise(size, seed: UInt64(size))
                let stored = try await store.put(key, from: StoreBytes.stream(bytes, size: 1 << 20), sizeHint: nil)
                try await expect(stored == UInt64(size), "put says \(stored) bytes of \(size)")
                try await expect(try await store.info(key)?.size == UInt64(size), "info says another size than \(size)")
                try await expect(
                    try await StoreBytes.read(key, from: store) == bytes, "\(size) bytes come back changed")
                try await store.delete(key)
            }
        },
        .init("nothing is visible when the source fails, and the error is the source's") { store in
            for size in [0, 10, 9 << 20, 20 << 20] {
                let key = try ObjectKey("contract/failed")
                let stream = StoreBytes.stream(StoreBytes.noise(size), failure: SourceFailure())
                do {
                    _ = try await store.put(key, from: stream, sizeHint: nil)
                    throw TestFailure("put succeeded although its source failed")
                } catch is SourceFailure {}
                try await expect(try await store.info(key) == nil, "an object of \(size) bytes is there")
            }
            try await expect(try await StoreBytes.keys(of: store).isEmpty, "something is listed")
        },
        .init("nothing is ever written over") { store in
            for size in [10, 9 << 20] {
                let key = try ObjectKey("contract/once-\(size)")
                let bytes = StoreBytes.noise(size)
                _ = try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
                try await expectCode("storage.object_exists") {
                    _ = try await store.put(
                        key, from: StoreBytes.stream(StoreBytes.noise(size, seed: 2)), sizeHint: nil)
                }
                try await expect(try await StoreBytes.read(key, from: store) == bytes, "the first object has changed")
                try await store.delete(key)
            }
        },
        .init("ranges, also beyond the end") { store in
            let key = try ObjectKey("contract/range")
            let bytes = StoreBytes.noise(100_000)
            _ = try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
            for range in [0..<1, 0..<100_000, 99_999..<100_000, 5..<5, 50_000..<70_000, 99_990..<200_000] {
                let content = try await store.get(key, range: UInt64(range.lowerBound)..<UInt64(range.upperBound))
                try await expect(
                    content.objectSize == 100_000, "the size of the object is \(content.objectSize) in range \(range)")
                let read = try await StoreBytes.read(
                    key, from: store, range: UInt64(range.lowerBound)..<UInt64(range.upperBound))
                try await expect(
                    read == Array(bytes[range.clamped(to: 0..<100_000)]), "range \(range) is something else")
            }
            try await store.delete(key)
        },
        .init("what is not there") { store in
            let key = try ObjectKey("contract/missing/at all")
            try await expect(try await store.info(key) == nil, "info of a missing object")
            try await expectCode("storage.not_found") { _ = try await store.get(key, range: nil) }
            try await store.delete(key)
        },
        .init("keys with characters that mean something elsewhere, listed whole and by prefix") { store in
            let names = [
                "a/b", "a/b-c", "a/b/c", "a/=2e/x", "a/ü/данные", "a/sp ace", "a/plus+", "a/per%cent", "a/q?x=1&y",
                "a/#h", "a/~t",
                "b/1", "b/2", "z",
            ].filter { $0 != "a/b" }
            for name in names {
                _ = try await store.put(try ObjectKey(name), from: StoreBytes.stream([1]), sizeHint: nil)
            }
            let listed = try await StoreBytes.keys(of: store)
            try await expect(Set(listed) == Set(names) && listed.count == names.count, "listed: \(listed)")
            try await expect(try await StoreBytes.keys(of: store, prefix: "b/") == ["b/1", "b/2"], "prefix b/")
            try await expect(try await StoreBytes.keys(of: store, prefix: "nothing").isEmpty, "a prefix of nothing")
            for name in names {
                try await expect(
                    try await StoreBytes.read(try ObjectKey(name), from: store) == [1], "'\(name)' does not come back")
                try await store.delete(try ObjectKey(name))
            }
            try await expect(try await StoreBytes.keys(of: store).isEmpty, "something is left")
        },
        .init("a cancelled put leaves nothing") { store in
            let key = try ObjectKey("contract/cancelled")
            let task = Task { try await store.put(key, from: EndlessStream(), sizeHint: nil) }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            do {
                _ = try await task.value
                throw TestFailure("a cancelled put has ended well")
            } catch is CancellationError {}
            try await expect(try await store.info(key) == nil, "the object is there")
        },
    ]

    private init(_ name: String, _ check: @escaping @Sendable (any ObjectStore) async throws -> Void) {
        self.name = name
        self.check = check
    }
}

private struct SourceFailure: Error {}

/// Blocks without end, until the task is cancelled.
private struct EndlessStream: AsyncSequence, Sendable {
    typealias Element = ByteBlock
    typealias Failure = any Error
    func makeAsyncIterator() -> Iterator { Iterator() }

    struct Iterator: AsyncIteratorProtocol {
        func next() async throws -> ByteBlock? {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(1))
            return ByteBlock(repeatElement(7, count: 1 << 20))
        }
        func next(isolation actor: isolated (any Actor)?) async throws -> ByteBlock? { try await next() }
    }
}

private func expect(_ isTrue: @autoclosure () async throws -> Bool, _ what: String) async throws {
    guard try await isTrue() else { throw TestFailure(what) }
}

private func expectCode(_ code: String, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as any BackupError where error.code == code {
        return
    }
    throw TestFailure("no error \(code)")
}
