internal import BackupAPI
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird
internal import HTTPTypes
internal import NIOCore

/// Takes a request apart, and refuses what is not as its endpoint says.
struct RequestReader {
    let limits: APILimits

    /// The query's parameters, each once and each known. In `a+b` the plus is a space.
    static func query(_ text: String?, _ parameters: [QueryParameter]) throws -> [String: String] {
        var values: [String: String] = [:]
        var problems: [FieldProblem] = []
        for pair in (text ?? "").split(separator: "&").prefix(100) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { QueryText.decoded($0) }
            guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else {
                throw APIError.invalid("", "the query is not encoded right")
            }
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                problems.append(FieldProblem(field: String(name.prefix(64)), reason: "there is no such parameter"))
                continue
            }
            if values.updateValue(value, forKey: name) != nil {
                problems.append(FieldProblem(field: name, reason: "it is there twice"))
            }
            problems += QueryText.problems(value, parameter)
        }
        for parameter in parameters where parameter.isRequired && values[parameter.name] == nil {
            problems.append(FieldProblem(field: parameter.name, reason: "it is missing"))
        }
        guard problems.isEmpty else { throw APIError.invalid(Array(problems.prefix(50))) }
        return values
    }

    /// - Throws: ``APIError`` 413, 408.
    func body(of request: Request) async throws -> [UInt8] {
        let limit = limits.largestBody
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        let deadline = limits.bodyDeadline
        let body = request.body
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            defer { group.cancelAll() }
            group.addTask {
                var bytes: [UInt8] = []
                for try await piece in body {
                    guard bytes.count + piece.readableBytes <= limit else { throw tooLarge }
                    bytes += piece.readableBytesView
                }
                return bytes
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw APIError(.requestTimeout, .validationError, "the body did not come within \(deadline)")
            }
            guard let bytes = try await group.next() else { throw CancellationError() }
            return bytes
        }
    }

    private var tooLarge: APIError {
        APIError(.contentTooLarge, .validationError, "the body has more than \(limits.largestBody) bytes")
    }

    static func checkBody(_ body: [UInt8], type: String?, _ schema: Schema) throws {
        let mediaType = type?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard mediaType == "application/json" else {
            throw APIError(.unsupportedMediaType, .validationError, "only application/json is taken")
        }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body)) else {
            throw APIError(.badRequest, .validationError, "the body is no JSON")
        }
        let problems = schema.problems(of: value)
        guard problems.isEmpty else { throw APIError.invalid(problems) }
    }
}

/// The text behind `%XX` and `+`, and its check against a schema.
enum QueryText {
    static func decoded(_ text: Substring) -> String? {
        PercentEncoding.decoded(text.replacing("+", with: " "))
    }

    static func problems(_ text: String, _ parameter: QueryParameter) -> [FieldProblem] {
        let value: JSONValue? =
            switch parameter.schema {
            case .integer: Int64(text).map { .integer($0) }
            case .flag: text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
            default: .text(text)
            }
        guard let value else { return [FieldProblem(field: parameter.name, reason: "it has not the right form")] }
        return parameter.schema.problems(of: value).map { FieldProblem(field: parameter.name, reason: $0.reason) }
    }
}
