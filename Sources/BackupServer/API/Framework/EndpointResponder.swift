internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Synchronization

/// Takes a request through all that stands before and behind a handler.
struct EndpointResponder: HTTPResponder {
    let endpoint: Endpoint
    let api: API

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        let started = ContinuousClock.now
        let traceID = TraceID.fresh()
        var context = context
        context.logger[metadataKey: "trace_id"] = .string(traceID)
        let exchange = Exchange(request: request, context: context, traceID: traceID)
        var answer: Answer
        do {
            answer = try await self.answer(exchange)
            if api.checksAnswers { try check(answer) }
        } catch {
            noteRefusal(error, exchange)
            answer = exchange.refusal(APIError(error))
        }
        api.metrics.countRequest(
            endpoint.operation, status: answer.status.code, duration: .now - started)
        return exchange.response(answer, isSecure: api.isSecure)
    }

    private func answer(_ exchange: Exchange) async throws -> Answer {
        let request = exchange.request
        let address = api.address(of: request, exchange.context)
        try api.gates.enter(endpoint, address: address)
        let caller: Caller?
        do {
            caller = try await api.access.caller(of: request, for: endpoint)
        } catch let error as APIError where error.status == .unauthorized {
            try api.gates.countRefusal(address: address)
            throw error
        }
        if let caller { try api.gates.enter(caller) }
        let path = try pathValues(exchange.context)
        let query = try RequestReader.query(request.uri.query, endpoint.query)
        let body = try await RequestReader(limits: api.limits).body(of: request)
        exchange.bodyWasRead.withLock { $0 = true }
        if let schema = endpoint.body {
            try RequestReader.checkBody(body, type: request.headers[.contentType], schema)
        }
        let call = APICall(
            possibleCaller: caller, address: address, path: path, query: query, headers: request.headers, body: body,
            now: api.now(), traceID: exchange.traceID, logger: exchange.context.logger, audit: AuditNote(),
            isStillAllowed: { [endpoint, access = api.access, head = request.head] in
                try await access.isStillAllowed(
                    Request(head: head, body: RequestBody(buffer: ByteBuffer())), for: endpoint)
            })
        let trail = AuditTrail(store: api.audit)
        do {
            let answer = try await api.idempotency.run(endpoint, call)
            try await trail.record(endpoint, call, answer)
            return answer
        } catch ControlError.loginRefused {
            try await trail.recordRefusal(endpoint, call)
            throw ControlError.loginRefused
        } catch let error as ControlError {
            noteRefusal(error, call)
            throw error
        }
    }

    /// Of what somebody may do on purpose.
    private func noteRefusal(_ error: any Error, _ exchange: Exchange) {
        guard let error = error as? APIError, let message = Self.message(of: error.status) else { return }
        let address = api.address(of: exchange.request, exchange.context)
        let operation = endpoint.operation
        guard api.gates.isNews("\(error.status.code) \(operation) \(ClientAddress.limitKey(address))") else { return }
        exchange.context.logger.warning(
            message, metadata: ["operation": "\(operation)", "address": "\(address)"])
    }

    private static func message(of status: HTTPResponse.Status) -> Logger.Message? {
        switch status {
        case .tooManyRequests: "requests are refused: there are too many"
        case .contentTooLarge: "a request is refused: its body is too large"
        case .requestTimeout: "a request is refused: its body comes too slowly"
        default: nil
        }
    }

    /// To one account, from anywhere.
    private func noteRefusal(_ error: ControlError, _ call: APICall) {
        guard case .throttled = error, let account = call.audit.objectName, api.gates.isNews("account \(account)")
        else {
            return
        }
        call.logger.warning(
            "attempts at an account are refused: there are too many",
            metadata: ["account": "\(account)", "address": "\(call.address)"])
    }

    /// A text that can't be an id names nothing.
    private func pathValues(_ context: ServerContext) throws -> [String: String] {
        var values: [String: String] = [:]
        for name in endpoint.pathParameters {
            let text = context.parameters.get(name) ?? ""
            guard (1...40).contains(text.utf8.count), TextForm.id.matches(text) else {
                throw APIError.notFound("such thing")
            }
            values[name] = text
        }
        return values
    }

    private func check(_ answer: Answer) throws {
        guard let shape = endpoint.answers.first(where: { $0.status == answer.status }) else {
            throw APIError(.internalServerError, .internal, "\(endpoint.operation) answers \(answer.status)")
        }
        guard let schema = shape.schema, case .bytes(let bytes, _) = answer.content else { return }
        let problems = schema.problems(of: try JSONDecoder().decode(JSONValue.self, from: Data(bytes)))
        guard problems.isEmpty else {
            var error = APIError(.internalServerError, .internal, "\(endpoint.operation) breaks its schema")
            error.details = problems
            throw error
        }
    }
}

enum TraceID {
    static func fresh() -> String {
        let text = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
