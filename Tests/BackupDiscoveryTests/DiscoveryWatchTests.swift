import BackupCore
import BackupDiscovery
import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite(.serialized) struct DiscoveryWatchTests {
    /// What a watch has reported and said.
    private final class Diary: Sendable {
        let reports = Mutex<[[DiscoveredDatabase]]>([])
        let notices = Mutex<[DiscoveryNotice]>([])
        var names: [String]? { reports.withLock { $0.last?.map(\.container.name) } }
        var lost: Int { notices.withLock { $0.count { if case .lost = $0 { true } else { false } } } }
        var back: Int { notices.withLock { $0.count { $0 == .back } } }

        /// Runs `body` while `engine` is watched.
        func watch(
            _ engine: any ContainerEngine, _ pace: DiscoveryPace = DiscoveryPace(),
            _ body: @Sendable () async throws -> Void
        ) async throws {
            let watch = DiscoveryWatch(engine, looks: CloserLooks(), pace: pace) { notice in
                self.notices.withLock { $0.append(notice) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await watch.run { found in
                        self.reports.withLock { $0.append(found) }; return true
                    }
                }
                defer { group.cancelAll() }
                try await body()
            }
        }

        func follows(_ what: String, _ names: [String], within limit: Duration = .seconds(2)) async throws {
            try await eventually("\(what): \(names)", within: limit) { self.names == names }
        }
    }

    private static func container(_ number: Int, _ name: String, _ image: String) -> String {
        let id = String(repeating: "0", count: 58) + String(100_000 + number)
        return """
            {"Id":"\(id)","Names":["/\(name)"],"Image":"\(image)","Labels":{"note":"\(String(repeating: "x", count: 2000))"},\
            "Ports":[],"NetworkSettings":{"Networks":{"shop":{"IPAddress":""}}},"Mounts":[]}
            """
    }
    private static let version = #"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#
    private static let details = #"{"Config":{"Image":"postgres:16","Env":["POSTGRES_PASSWORD=x"]}}"#

    /// What people do with containers, on a real engine.
    @Test func changesAreFollowedWithinTwoSeconds() async throws {
        let engine = try await DockerEngine()
        let diary = Diary()
        let sleep = ["/bin/sleep", "600"]
        try engine.run("first", sleep, image: "postgres:16")
        try engine.run("web", sleep, image: "nginx:1")
        try await diary.watch(try DockerEngineAPI(socket: engine.socket)) {
            try await diary.follows("at the start", ["first"])
            try engine.run("second", sleep, image: "quay.io/acme/mariadb:11")
            try await diary.follows("started", ["first", "second"])
            try engine.run("exporter", sleep, image: "prometheuscommunity/postgres-exporter")
            try engine.run("no", sleep, options: ["--label", "backupy.enable=false"], image: "redis:7")
            try engine.run("custom", sleep, options: ["--label", "backupy.type=mongodb"], image: "acme/thing")
            try await diary.follows("labels", ["custom", "first", "second"])
            try engine.docker(["rename", "second", "renamed"])
            try await diary.follows("renamed", ["custom", "first", "renamed"])
            try engine.docker(["stop", "--time", "0", "first"])
            try await diary.follows("stopped", ["custom", "renamed"])
            try engine.docker(["start", "first"])
            try await diary.follows("started again", ["custom", "first", "renamed"])
            let before = diary.reports.withLock { $0.count }
            try engine.docker(["restart", "--time", "0", "first"])
            try await diary.follows("restarted", ["custom", "first", "renamed"])
            // What is run in a container, as each backup does, is no change.
            for _ in 0..<5 { try engine.docker(["exec", "custom", "/bin/true"]) }
            try engine.docker(["rm", "--force", "custom"])
            try await diary.follows("destroyed", ["first", "renamed"])
            #expect(diary.reports.withLock { $0.count } <= before + 3, "a report without a change")
        }
        #expect(diary.notices.withLock { $0 } == [])
        let marked = diary.reports.withLock { $0.joined().first { $0.container.name == "custom" } }
        #expect(marked?.engine == .mongodb && marked?.evidence == .label)
    }

    @Test func anEngineThatGoesAwayAndComesBack() async throws {
        let engine = try await DockerEngine()
        let diary = Diary()
        var pace = DiscoveryPace()
        pace.longestRetry = .milliseconds(500)
        pace.steady = .milliseconds(200)
        // It ends when it is told to, and the engine with it.
        try engine.run("db", ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 600 & wait"], image: "postgres:16")
        try await diary.watch(try DockerEngineAPI(socket: engine.socket), pace) {
            try await diary.follows("at the start", ["db"])
            for round in 1...2 {
                engine.stop()
                try await eventually("it is said that the engine is away") { diary.lost == round }
                try await engine.start()
                try await eventually("it is said that the engine is back", within: .seconds(10)) { diary.back == round }
                try engine.docker(["start", "db"])
                try await diary.follows("in the new engine", ["db"])
                try engine.docker(["stop", "--time", "0", "db"])
                try await diary.follows("in the new engine", [])
            }
            #expect(diary.lost == 2 && diary.back == 2)
        }
    }

    /// Cut answers, answers of others, endless ones, none at all: one line, and another when it is over.
    @Test(arguments: ["garbage", "silence", "events only", "endless events", "errors"])
    func anEngineThatIsNotWellIsSaidOnce(_ kind: String) async throws {
        let isWell = Mutex(false)
        let attempts = Mutex(0)
        let engine = try ScriptedEngine { request in
            let path = request.line
            if isWell.withLock({ $0 }) || kind == "events only" && path.contains("/events") {
                switch path {
                case _ where path.contains("/version"): request.answer(200, Self.version)
                case _ where path.contains("/events"):
                    request.answer(200, "")
                    while !isWell.withLock({ $0 }) { usleep(10_000) }
                    request.waitForEnd()
                case _ where path.contains("/containers/json"):
                    request.answer(200, "[\(Self.container(1, "db", "postgres:16"))]")
                default: request.answer(200, Self.details)
                }
                return
            }
            attempts.withLock { $0 += 1 }
            if path.contains("/version"), kind != "garbage" { return request.answer(200, Self.version) }
            switch kind {
            case "garbage": request.send(Array("planted-s3cret\u{0}".utf8))
            case "silence": request.waitForEnd()
            case "endless events":
                request.answer(200, "")
                let piece = [UInt8](repeating: UInt8(ascii: "{"), count: 1 << 16)
                for _ in 0..<64 { request.send(piece) }
            default: request.answer(500, #"{"message":"planted-s3cret"}"#)
            }
        }
        let diary = Diary()
        var pace = DiscoveryPace()
        (pace.firstRetry, pace.longestRetry) = (.milliseconds(20), .milliseconds(100))
        // Longer than megabytes of nonsense take on a slow machine.
        pace.steady = .seconds(2)
        try await diary.watch(try DockerEngineAPI(socket: engine.socket, patience: .milliseconds(200)), pace) {
            try await eventually("it has been tried often") { attempts.withLock { $0 > 12 } }
            #expect(diary.lost == 1 && diary.back == 0 && diary.names == nil, "\(kind)")
            isWell.withLock { $0 = true }
            try await eventually("it is said that the engine is back") { diary.back == 1 }
            try await eventually("the database is reported") { diary.names == ["db"] }
            #expect(diary.lost == 1)
        }
        #expect(!String(describing: diary.notices.withLock { $0 }).contains("planted"))
    }

    /// No events, as behind a proxy that forbids them: it is looked at times, and said once.
    @Test func anEngineWithoutEvents() async throws {
        let names = Mutex(["db"])
        let engine = try ScriptedEngine { request in
            switch request.line {
            case let path where path.contains("/version"): request.answer(200, Self.version)
            case let path where path.contains("/events"): request.answer(403, "{}")
            case let path where path.contains("/containers/json"):
                let containers = names.withLock { $0 }.enumerated().map { Self.container($0, $1, "postgres:16") }
                request.answer(200, "[\(containers.joined(separator: ","))]")
            default: request.answer(200, Self.details)
            }
        }
        let diary = Diary()
        var pace = DiscoveryPace()
        pace.longestRetry = .milliseconds(500)
        try await diary.watch(try DockerEngineAPI(socket: engine.socket), pace) {
            try await diary.follows("at the start", ["db"])
            names.withLock { $0 = ["db", "other"] }
            try await diary.follows("later", ["db", "other"])
        }
        #expect(diary.lost == 1 && diary.back == 0)
    }

    /// How long it takes is in docs/results.
    @Test func fiveHundredContainersAreAskedOnceAndTakeLittleMemory() async throws {
        let open = Mutex((now: 0, most: 0, inspected: 0))
        let list = "[" + (0..<500).map { Self.container($0, "db\($0)", "postgres:16") }.joined(separator: ",") + "]"
        let engine = try ScriptedEngine { request in
            open.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.inspected) }
            defer { open.withLock { $0.now -= 1 } }
            switch request.line {
            case let path where path.contains("/version"): request.answer(200, Self.version)
            case let path where path.contains("/containers/json"): request.answer(200, list)
            default:
                open.withLock { $0.inspected += 1 }
                usleep(2000)
                request.answer(200, Self.details)
            }
        }
        let api = try DockerEngineAPI(socket: engine.socket)
        let before = try Self.residentBytes()
        #expect(try await DiscoveryPass(api).run().count == 500)
        #expect(open.withLock { $0.most } <= 10 && open.withLock { $0.inspected } == 500)
        for _ in 0..<20 { #expect(try await DiscoveryPass(api).run().count == 500) }
        // Nothing is asked twice, and nothing is kept.
        #expect(open.withLock { $0.inspected } == 500)
        let grown = try Self.residentBytes() - before
        #expect(grown < 64 << 20, "grown by \(grown >> 20) MiB")
    }

    private static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return (Int(text.split(separator: " ")[1]) ?? 0) * 4096
    }
}
