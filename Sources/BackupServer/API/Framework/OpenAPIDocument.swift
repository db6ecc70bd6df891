internal import BackupAPI
internal import FoundationEssentials
internal import HTTPTypes

/// The OpenAPI 3.1 document of all endpoints. True by construction: what checks requests, and what routes them, is what it is made of.
struct OpenAPIDocument {
    private let table: EndpointTable

    init(_ table: EndpointTable) { self.table = table }

    /// The route that gives it.
    static func endpoint(_ json: [UInt8]) -> Endpoint {
        Endpoint(
            .get, "/v1/openapi.json", "getOpenAPI", "This document.", tag: "meta", may: .open,
            answers: [AnswerShape(.ok, "the document")], budget: .none
        ) { _ in Answer(.ok, .bytes(json, mediaType: "application/json")) }
    }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(document))
        }
    }

    private var document: JSONValue {
        [
            "openapi": "3.1.0",
            "info": ["title": "Backupy", "version": .text(ServerVersion.current)],
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "cookie": ["type": "apiKey", "in": "cookie", "name": .text(AccessCheck.cookieName)],
                ],
            ],
        ]
    }

    private var paths: [String: JSONValue] {
        var paths: [String: [String: JSONValue]] = [:]
        for endpoint in table.endpoints {
            paths[endpoint.path, default: [:]][endpoint.method.rawValue.lowercased()] = operation(endpoint)
        }
        return paths.mapValues { .object($0) }
    }

    private var schemas: [String: JSONValue] {
        let all = table.endpoints.flatMap { endpoint in
            endpoint.answers.compactMap(\.schema) + (endpoint.body.map { [$0] } ?? [])
        }
        return (all + [ErrorDocument.schema]).reduce(into: [:]) { $0.merge($1.components) { $1 } }
    }

    private func operation(_ endpoint: Endpoint) -> JSONValue {
        var operation: [String: JSONValue] = [
            "operationId": .text(endpoint.operation), "summary": .text(endpoint.summary), "tags": [.text(endpoint.tag)],
            "responses": .object(responses(endpoint)),
            "security": endpoint.permission == .open ? [] : [["bearer": []], ["cookie": []]],
            "x-permission": .text(endpoint.permission.words),
        ]
        let parameters = parameters(endpoint)
        if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
        if let body = endpoint.body {
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": body.openAPI]],
            ]
        }
        return .object(operation)
    }

    private func parameters(_ endpoint: Endpoint) -> [JSONValue] {
        var parameters: [JSONValue] = endpoint.pathParameters.map {
            ["name": .text($0), "in": "path", "required": true, "schema": Schema.id.openAPI]
        }
        parameters += endpoint.query.map {
            [
                "name": .text($0.name), "in": "query", "required": .flag($0.isRequired),
                "description": .text($0.about), "schema": $0.schema.openAPI,
            ]
        }
        if endpoint.isIdempotent {
            parameters.append([
                "name": .text(IdempotencyKeys.header), "in": "header", "required": false,
                "description": "Kept 24 h: the same request is done once.",
                "schema": ["type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"],
            ])
        }
        return parameters
    }

    private func responses(_ endpoint: Endpoint) -> [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for shape in endpoint.answers + CommonAnswers.of(endpoint) where responses["\(shape.status.code)"] == nil {
            responses["\(shape.status.code)"] = response(shape)
        }
        return responses
    }

    private func response(_ shape: AnswerShape) -> JSONValue {
        var response: [String: JSONValue] = ["description": .text(shape.about)]
        if !shape.mediaType.isEmpty {
            let schema: JSONValue =
                shape.schema?.openAPI ?? (shape.mediaType == "application/json" ? [:] : ["type": "string"])
            response["content"] = [shape.mediaType: ["schema": schema]]
        }
        if shape.status == .tooManyRequests {
            response["headers"] = [
                "Retry-After": [
                    "required": true, "schema": ["type": "integer", "minimum": 1], "description": "Seconds.",
                ]
            ]
        }
        return .object(response)
    }
}
