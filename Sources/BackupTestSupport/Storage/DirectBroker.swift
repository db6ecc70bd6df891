package import BackupCore
package import BackupStorage
internal import Foundation
internal import Synchronization

/// A control plane's part in uploads, without a control plane: signs for one object of an S3 server, and counts.
package final class DirectBroker: UploadBroker {
    /// What it was asked for.
    package struct Asked: Sendable, Equatable {
        /// First number and count, in order.
        package var batches: [[Int]] = []
        package var completions = 0
        package var aborts: [String] = []
        package var downloads = 0
    }

    private let store: S3Store
    private let signer: S3Store
    private let key: ObjectKey
    private let uploadID: String
    private let lifetime: @Sendable (_ issued: Int) -> Duration
    private let change: @Sendable (PresignedURL) -> PresignedURL
    private let state = Mutex((asked: Asked(), issued: 0, isComplete: false))

    package var asked: Asked { state.withLock { $0.asked } }

    /// - Parameters:
    ///   - signer: makes the URLs; another store where they shall lead through a proxy.
    ///   - lifetime: of the n-th URL, from 0. 0 s is expired at once.
    ///   - change: what a URL becomes on its way to the agent.
    package init(
        _ store: S3Store, signer: S3Store? = nil, key: ObjectKey,
        lifetime: @escaping @Sendable (Int) -> Duration = { _ in .seconds(600) },
        change: @escaping @Sendable (PresignedURL) -> PresignedURL = { $0 }
    ) async throws {
        self.store = store
        self.signer = signer ?? store
        self.key = key
        self.lifetime = lifetime
        self.change = change
        uploadID = try await store.beginUpload(key)
    }

    package func partURLs(first: Int, count: Int) async throws -> [PresignedPart] {
        state.withLock { $0.asked.batches.append([first, count]) }
        return (first..<first + count).map { number in
            let (lifetime, time) = next()
            var part = signer.presignedPart(key, uploadID, number: number, lifetime: lifetime, at: time)
            part.url = change(part.url)
            return part
        }
    }

    package func complete(parts: [UploadedPartInfo], size: UInt64) async throws -> CompletedUpload {
        state.withLock { $0.asked.completions += 1 }
        let size = try await store.completeUpload(key, uploadID, parts: parts)
        state.withLock { $0.isComplete = true }
        return CompletedUpload(size: size)
    }

    package func abort(reason: String) async {
        state.withLock { $0.asked.aborts.append(reason) }
        do {
            try await store.abortUpload(key, uploadID)
            if state.withLock({ $0.isComplete }) { try await store.delete(key) }
        } catch {
            print("the broker could not abort: \(error)")
        }
    }

    package func downloadURL() async throws -> PresignedURL {
        state.withLock { $0.asked.downloads += 1 }
        let (lifetime, time) = next()
        return change(signer.presignedGet(key, lifetime: lifetime, at: time))
    }

    /// An expired URL is one of an hour ago: servers take no lifetime of 0.
    private func next() -> (Duration, Date) {
        let lifetime = lifetime(
            state.withLock { state in
                state.issued += 1
                return state.issued - 1
            })
        return lifetime > .zero ? (lifetime, Date()) : (.seconds(1), Date().addingTimeInterval(-3600))
    }
}
