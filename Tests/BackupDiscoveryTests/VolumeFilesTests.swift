import BackupCore
@testable import BackupDiscovery
import BackupTestSupport
import Foundation
import Testing

@Suite struct VolumeFilesTests {
    private let folder: TemporaryFolder
    private let files = FileManager.default

    init() throws { folder = try TemporaryFolder() }

    private func container(_ source: String) -> ContainerFacts {
        ContainerFacts(
            id: "1f", name: "app", image: "acme/app", mounts: [.init(source: source, destination: "/data")])
    }

    private func write(_ path: String, _ head: String, size: Int = 4096) {
        try? files.createDirectory(
            atPath: (folder(path) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        var data = Data(head.utf8)
        data.append(Data(count: max(0, size - data.count)))
        _ = files.createFile(atPath: folder(path), contents: data)
    }

    private static let magic = "SQLite format 3\u{0}"

    @Test func filesAreKnownByTheirFirstBytes() async throws {
        write("v/app.db", Self.magic)
        write("v/deep/a/b/no-name", Self.magic)
        write("v/fake.sqlite3", "SQLite format 2\u{0}")
        write("v/short.db", Self.magic, size: 16)
        write("v/empty.db", "", size: 0)
        write("v/1/2/3/4/5/6/7/too-deep.db", Self.magic)
        write("outside/secret.db", Self.magic)
        try files.createSymbolicLink(atPath: folder("v/link.db"), withDestinationPath: folder("outside/secret.db"))
        try files.createSymbolicLink(atPath: folder("v/linked"), withDestinationPath: folder("outside"))
        try files.createSymbolicLink(atPath: folder("v/loop"), withDestinationPath: ".")
        mkfifo(folder("v/pipe.db"), 0o600)
        let found = await VolumeFiles().databases(of: container(folder("v")))
        #expect(found == [folder("v/app.db"), folder("v/deep/a/b/no-name")])
        // A file that is mounted by itself, a place that is not there, and one that is the host's.
        #expect(await VolumeFiles().databases(of: container(folder("v/app.db"))) == [folder("v/app.db")])
        #expect(await VolumeFiles().databases(of: container(folder("nothing"))) == [])
        #expect(await VolumeFiles().databases(of: container("/proc")) == [])
        #expect(await VolumeFiles().databases(of: container(folder("v/link.db"))) == [])
    }

    @Test func aVolumeWithoutEndIsNotReadToItsEnd() async throws {
        for number in 0..<40 { write("v/\(number).db", Self.magic) }
        #expect(await VolumeFiles().databases(of: container(folder("v"))).count == VolumeFiles.largestFound)
        for number in 0..<(VolumeFiles.largestCount + 10) { write("w/a\(number)", "", size: 0) }
        write("w/z.db", Self.magic)
        #expect(await VolumeFiles().databases(of: container(folder("w"))).count <= 1)
    }

    @Test func filesOfAnApplicationAreADatabase() async throws {
        write("v/app.db", Self.magic)
        let looks = CloserLooks(mayConnect: { _ in false })
        var facts = container(folder("v"))
        // Whoever may not be asked at his ports may not be looked into either.
        await looks.look(at: [facts])
        #expect(await looks.database(in: facts, .unknown) == nil)
        let open = CloserLooks()
        await open.look(at: [facts])
        let found = try #require(await open.database(in: facts, .unknown))
        #expect(found.engine == .sqlite && found.evidence == .file && found.files == [folder("v/app.db")])
        let targets = TargetSuggestion.targets(for: found)
        #expect(targets.map(\.database) == [folder("v/app.db")] && targets.first?.displayName == "app: app.db")
        facts.image = "adminer"
        await open.look(at: [facts])
        #expect(await open.database(in: facts, DiscoveryRules.verdict(on: facts)) == nil)
    }
}
