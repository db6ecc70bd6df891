internal import BackupAPI
internal import BackupCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Synchronization

/// One request, and how its answer goes out.
final class Exchange: Sendable {
    let request: Request
    let context: ServerContext
    let traceID: String
    let bodyWasRead = Mutex(false)

    init(request: Request, context: ServerContext, traceID: String) {
        self.request = request
        self.context = context
        self.traceID = traceID
    }

    func refusal(_ error: APIError) -> Answer {
        if error.status.code >= 500 {
            context.logger.error(
                "request failed", error: error.cause,
                metadata: ["path": "\(request.uri.path)", "what": "\(error.message)"])
        }
        let document = ErrorDocument(
            error: .init(
                code: error.code, message: VisibleText.of(String(error.message.prefix(2000))), details: error.details,
                traceID: traceID))
        var answer = (try? Answer.json(document, error.status)) ?? Answer(error.status)
        answer.headers = error.headers
        return answer
    }

    func response(_ answer: Answer, isSecure: Bool) -> Response {
        var response = Response(status: answer.status, headers: answer.headers, body: body(answer.content))
        if let mediaType = answer.content.mediaType { response.headers[.contentType] = mediaType }
        SecurityHeaders.add(to: &response.headers, isSecure: isSecure)
        if hasUnreadBody {
            response.headers[.connection] = "close"
            context.closeSoon()
        }
        return response
    }

    /// Somebody who sends a body that nobody wants would be listened to as long as he likes.
    private var hasUnreadBody: Bool {
        guard !bodyWasRead.withLock({ $0 }) else { return false }
        return request.headers[.transferEncoding] != nil
            || request.headers[.contentLength].map { $0 != "0" } ?? false
    }

    private func body(_ content: Answer.Content) -> ResponseBody {
        switch content {
        case .none: ResponseBody()
        case .bytes(let bytes, _): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .stream(_, let next):
            ResponseBody { writer in
                while let piece = try await next() { try await writer.write(piece) }
                try await writer.finish(nil)
            }
        }
    }
}
