import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// What a Docker engine does that can't be made to happen with a real one.
@Suite struct EngineTests {
    private func tool(_ engine: ScriptedEngine) throws -> DumpTool {
        let place = ContainerTools(try ContainerReference("box", socket: engine.socket))
        return DumpTool("tool", path: "tool", arguments: [], in: place)
    }

    /// One that answers as `docker exec` needs, and lets the test fill the stream of the first program.
    private func engine(
        versions: String = #"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#,
        _ stream: @escaping @Sendable (ScriptedEngine.Request) -> Void
    ) throws -> ScriptedEngine {
        let isFirst = Mutex(true)
        let hasEnded = Mutex(false)
        return try ScriptedEngine { request in
            switch request.line {
            case "GET /version": request.answer(200, versions)
            case let line where line.hasSuffix("/containers/box/exec"):
                if request.body.contains("kill -") { hasEnded.withLock { $0 = true } }
                request.answer(201, #"{"Id":"\#(request.body.contains("kill -") ? "22" : "11")"}"#)
            case let line where line.hasSuffix("/exec/11/start") && isFirst.withLock({ $0 }):
                isFirst.withLock { $0 = false }
                request.upgrade()
                stream(request)
            case let line where line.hasSuffix("/json"):
                let isRunning = !hasEnded.withLock { $0 }
                request.answer(200, #"{"Running":\#(isRunning),"ExitCode":\#(isRunning ? "null" : "0")}"#)
            default: request.upgrade()
            }
        }
    }

    /// 1.40, which was used for everything once, is refused by engines from 29 on.
    @Test(arguments: [
        (#"{"ApiVersion":"1.52","MinAPIVersion":"1.44"}"#, "1.47"),
        (#"{"ApiVersion":"1.44","MinAPIVersion":"1.44"}"#, "1.44"),
        (#"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#, "1.41"), (#"{"ApiVersion":"1.40"}"#, "1.40"),
        (#"{"ApiVersion":"1.60","MinAPIVersion":"1.50"}"#, nil),
        (#"{"ApiVersion":"1.39","MinAPIVersion":"1.12"}"#, nil),
        (#"{"ApiVersion":"x"}"#, nil), ("[]", nil),
    ])
    func theVersionThatBothSpeak(_ versions: String, _ expected: String?) async throws {
        let engine = try ScriptedEngine { request in
            guard request.line != "GET /version" else { return request.answer(200, versions) }
            guard let expected, request.line.contains(" /v\(expected)/") else {
                return request.answer(400, #"{"message":"client version is too old"}"#)
            }
            if request.line.hasSuffix("/containers/box/exec") { return request.answer(201, #"{"Id":"11"}"#) }
            if request.line.hasSuffix("/json") { return request.answer(200, #"{"Running":false,"ExitCode":0}"#) }
            request.upgrade()
            request.frame(2, "4711\n")
            request.frame(1, "hello")
        }
        let tool = try tool(engine)
        guard expected != nil else {
            let error = await #expect(throws: DriverError.self) { try await tool.output() }
            #expect(error?.code == "driver.docker_failed")
            return
        }
        for _ in 1...2 { #expect(try await tool.output() == "hello") }
        #expect(engine.requests.count { $0.line == "GET /version" } == 1, "it is asked once")
    }

    /// A cancel that comes before the program has said its process id: the id is waited for, and the program is ended.
    @Test func cancelledBeforeTheIDIsKnown() async throws {
        let (hasStarted, isCancelled) = (Monitor(false), Monitor(false))
        let engine = try engine { request in
            hasStarted.update { $0 = true }
            isCancelled.wait { $0 ? () : nil }
            request.frame(2, "47")
            request.frame(2, "11\n")
            isCancelled.wait { $0 ? nil : () }
        }
        let tool = try tool(engine)
        let task = Task { try await tool.output() }
        try await BlockingThread.run("test") { hasStarted.wait { $0 ? () : nil } }
        task.cancel()
        isCancelled.update { $0 = true }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(engine.requests.contains { $0.body.contains("kill -TERM -4711") })
        isCancelled.update { $0 = false }
    }

    /// A stream that breaks off while the program is being fed: nothing may wait for the feeding.
    @Test func aStreamThatBreaksOff() async throws {
        let engine = try engine { request in
            request.frame(2, "4711\n")
            request.send([1, 0, 0, 0, 0, 0, 1, 0, 0x41])
        }
        let tool = try tool(engine)
        let error = await #expect(throws: DriverError.self) {
            try await tool.converse { conversation in
                // Nothing more is said to the program: whoever feeds it waits for us.
                try await BlockingThread.run("test") { _ = try conversation.line(until: .now + .seconds(30)) }
            }
        }
        #expect(error == .dockerFailed("its stream was cut short"))
    }

    /// What fails in the engine is not a program that is missing.
    @Test func aFailureOfTheEngineIsNoMissingTool() async throws {
        let engine = try ScriptedEngine { $0.answer(500, #"{"message":"no space left on device"}"#) }
        for url in ["mysql://u@/app", "redis://", "mongodb://localhost/app"] {
            let driver = try DriverRegistry.driver(
                for: url, environment: [:], container: try ContainerReference("box", socket: engine.socket))
            let error = await #expect(throws: DriverError.self) { try await driver.probe() }
            #expect(error == .dockerFailed("no space left on device"), "\(url): \(String(describing: error))")
        }
    }
}
