internal import AsyncHTTPClient
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One look at something that should be there.
///
/// Redirects are answers and are not followed: a check is of the address that it names, and the policy has seen no other.
/// Memory: ``largestBody`` a check.
final class HealthProbe: Sendable {
    /// How much of a body is searched for the text.
    static let largestBody = 64 << 10
    /// Whatever a configuration says.
    static let longestTimeout = Duration.seconds(300)

    private struct Failure: Error {
        let reason: String
        var status: Int?
    }

    private let policy: HostPolicy
    private let client: HTTPClient

    init(policy: HostPolicy) {
        self.policy = policy
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        // Each check opens a connection of its own: an old one that still works proves little.
        configuration.connectionPool.idleTimeout = .milliseconds(1)
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }

    // Also when the agent could not start: its error is what people should see.
    deinit { client.shutdown { _ in } }

    /// - Returns: nil when the task was cancelled.
    func run(_ check: HealthCheck) async -> HealthResult? {
        var check = check
        check.timeout = min(check.timeout, Self.longestTimeout)
        var result = HealthResult()
        result.checkID = check.id
        result.timeMilliseconds = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
        let start = ContinuousClock.now
        do {
            let status = try await TimeLimit.run(check.timeout) { [check] in try await self.look(check) }
            result.isOK = true
            result.statusCode = UInt32(clamping: status ?? 0)
        } catch let failure as Failure {
            result.error = failure.reason
            result.statusCode = UInt32(clamping: failure.status ?? 0)
        } catch is TimeLimit.Exceeded {
            result.error = "no answer in time"
        } catch let error as AgentError {
            result.error = error.message
        } catch {
            if Task.isCancelled { return nil }
            result.error = NetworkReason.of(error)
        }
        if Task.isCancelled { return nil }
        result.latencyMilliseconds = UInt32(clamping: Int64((ContinuousClock.now - start) / .milliseconds(1)))
        return result
    }

    /// - Returns: the status, where there is one.
    private func look(_ check: HealthCheck) async throws -> Int? {
        guard check.kind != nil else { throw Failure(reason: "this agent does not know the kind of this check") }
        guard let address = HealthAddress(check) else {
            let form = check.kind == .tcp ? "HOST:PORT" : "a URL"
            throw Failure(reason: "the check's target is not \(form)")
        }
        try policy.check(healthCheckOf: address.host, port: address.port)
        if check.kind == .tcp {
            try await connect(to: address, within: check.timeout)
            return nil
        }
        return try await get(address.url, check)
    }

    private func connect(to address: HealthAddress, within limit: Duration) async throws {
        // A host that doesn't answer must not hold up the end of the agent.
        let attempt = ConnectionAttempt()
        let channel = try await withTaskCancellationHandler {
            try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(TimeAmount(limit))
                .channelInitializer { channel in
                    attempt.add(channel)
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                .connect(host: address.host, port: address.port).get()
        } onCancel: {
            attempt.giveUp()
        }
        // It was open: how it closes says nothing.
        try? await channel.close().get()
    }

    private func get(_ url: String, _ check: HealthCheck) async throws -> Int {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "User-Agent", value: "backupy-agent/\(AgentVersion.current)")
        request.headers.add(name: "Connection", value: "close")
        // Cancelled at the check's own limit; the client's is for what doesn't heed that.
        let response = try await client.execute(request, timeout: TimeAmount(check.timeout + .seconds(1)))
        let status = Int(response.status.code)
        let isExpected = check.expectedStatus.map { $0 == status } ?? (200..<400).contains(status)
        guard isExpected else {
            let wanted = check.expectedStatus.map(String.init) ?? "one of 200 to 399"
            throw Failure(reason: "status \(status), not \(wanted)", status: status)
        }
        if !check.expectedText.isEmpty {
            guard try await beginning(of: response.body).contains(check.expectedText) else {
                throw Failure(reason: "the answer does not contain the expected text", status: status)
            }
        }
        return status
    }

    private func beginning(of body: HTTPClientResponse.Body) async throws -> String {
        var bytes: [UInt8] = []
        for try await buffer in body {
            bytes += buffer.readableBytesView.prefix(Self.largestBody - bytes.count)
            if bytes.count == Self.largestBody { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
