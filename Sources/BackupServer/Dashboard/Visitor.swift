internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// A browser with a request, and what it is sent.
struct Visitor: Sendable {
    let request: Request
    let context: ServerContext
    let page: PageContext
    /// nil where there is no session.
    let caller: Caller?
    /// Why it could not be seen whether there is one.
    let problem: (any Error)?
    let address: String
    let isSecure: Bool

    /// Whether another site's page led here, so that a session's cookie would not have come.
    var isFromElsewhere: Bool {
        HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] } == "cross-site"
    }

    func page(_ html: HTML, _ status: HTTPResponse.Status = .ok) throws -> Response {
        let bytes = Array(html.markup.utf8)
        let isCompressed = GzipText.isTaken(request.headers)
        var response = Response(
            status: status,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: isCompressed ? try GzipText.compressed(bytes) : bytes)))
        for (text, value) in PageHeaders.all {
            if let name = HTTPField.Name(text) { response.headers[name] = value }
        }
        response.headers[.vary] = "Accept-Encoding, Accept-Language, Cookie"
        if isCompressed { response.headers[.contentEncoding] = "gzip" }
        SecurityHeaders.add(to: &response.headers, isSecure: isSecure)
        return response
    }

    func seeOther(_ path: OwnPath, cookies: [String] = []) -> Response {
        var response = Response(status: .seeOther, headers: [.location: path.text])
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        SecurityHeaders.add(to: &response.headers, isSecure: isSecure)
        return response
    }

    /// A refusal as a page. What can't be found, and what no page can be asked for, look the same.
    func refusal(_ error: APIError) -> Response {
        let traceID = TraceID.fresh()
        let html: HTML
        switch error.status {
        case .badRequest, .notFound, .contentTooLarge, .requestTimeout: html = EntryPages.notFound(page)
        case .unauthorized, .forbidden: html = EntryPages.forbidden(page)
        case .tooManyRequests: html = EntryPages.tooMany(page)
        default:
            context.logger.error(
                "a page could not be made", error: error.cause,
                metadata: ["path": "\(request.uri.path)", "what": "\(error.message)", "trace_id": "\(traceID)"])
            html = EntryPages.failed(traceID, page)
        }
        let status: HTTPResponse.Status = error.status == .badRequest ? .notFound : error.status
        do {
            var response = try self.page(html, status)
            response.headers[.retryAfter] = error.headers[.retryAfter]
            return response
        } catch {
            // Only compressing can fail, for want of memory.
            return Response(status: .serviceUnavailable)
        }
    }
}
