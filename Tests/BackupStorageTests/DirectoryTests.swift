import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// What is in a directory besides plain files.
@Suite struct DirectoryTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func whatStandsBehindALinkToADirectoryIsListed() async throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder("other disk"), withIntermediateDirectories: false)
        try files.createDirectory(atPath: folder("store/host"), withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: folder("store/host/db"), withDestinationPath: folder("other disk"))
        let store = DirectoryStore(path: folder("store"))
        let keys = ["host/db/2026/a", "host/db/b", "host/db.c"]
        for key in keys { _ = try await store.put(try ObjectKey(key), from: StoreBytes.stream([1]), sizeHint: nil) }
        #expect(try await StoreBytes.keys(of: store) == ["host/db.c", "host/db/2026/a", "host/db/b"])
        #expect(try await StoreBytes.keys(of: store, prefix: "host/db/") == ["host/db/2026/a", "host/db/b"])
        try files.createSymbolicLink(atPath: folder("root"), withDestinationPath: folder("store"))
        #expect(try await StoreBytes.keys(of: DirectoryStore(path: folder("root"))).count == 3)
    }

    @Test(.timeLimit(.minutes(1))) func linksInACircleAndIntoNothingAreNoEndlessListing() async throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder("store/a/b"), withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: folder("store/a/b/up"), withDestinationPath: folder("store"))
        try files.createSymbolicLink(atPath: folder("store/a/self"), withDestinationPath: ".")
        try files.createSymbolicLink(atPath: folder("store/gone"), withDestinationPath: folder("nowhere"))
        let store = DirectoryStore(path: folder("store"))
        _ = try await store.put(try ObjectKey("a/b/object"), from: StoreBytes.stream([1]), sizeHint: nil)
        try files.createSymbolicLink(atPath: folder("store/file"), withDestinationPath: folder("store/a/b/object"))
        #expect(try await StoreBytes.keys(of: store) == ["a/b/object"])
    }
}
