package import Foundation

/// A bucket with S3 Object Lock, as its owner sees it.
package struct LockedBucket: Sendable {
    package static let name = "locked"

    package struct Version: Sendable, Equatable {
        package let id: String
        package let isMarker: Bool
    }

    private let server: SeaweedFS

    package init(_ server: SeaweedFS) throws {
        self.server = server
        _ = try call("create_bucket", ["Bucket": Self.name, "ObjectLockEnabledForBucket": true])
    }

    /// - Parameter mode: `GOVERNANCE` or `COMPLIANCE`.
    package func lock(_ key: String, _ mode: String, until: Date) throws {
        let retention: [String: Any] = ["Mode": mode, "RetainUntilDate": until.formatted(.iso8601)]
        _ = try call("put_object_retention", ["Bucket": Self.name, "Key": key, "Retention": retention])
    }

    package func hold(_ key: String, _ isHeld: Bool) throws {
        let hold = ["Status": isHeld ? "ON" : "OFF"]
        _ = try call("put_object_legal_hold", ["Bucket": Self.name, "Key": key, "LegalHold": hold])
    }

    /// Whatever is put from now on is locked for so many days.
    package func lockEverything(days: Int) throws {
        let rule = ["DefaultRetention": ["Mode": "GOVERNANCE", "Days": days] as [String: Any]]
        let configuration: [String: Any] = ["ObjectLockEnabled": "Enabled", "Rule": rule]
        _ = try call(
            "put_object_lock_configuration", ["Bucket": Self.name, "ObjectLockConfiguration": configuration])
    }

    package func put(_ key: String, _ text: String) throws {
        let body = ["base64": Data(text.utf8).base64EncodedString()]
        _ = try call("put_object", ["Bucket": Self.name, "Key": key, "Body": body])
    }

    /// Of one key, the newest first.
    package func versions(of key: String) throws -> [Version] {
        let answer = try call("list_object_versions", ["Bucket": Self.name, "Prefix": key])
        return ["Versions", "DeleteMarkers"].flatMap { kind in
            (answer[kind] as? [[String: Any]] ?? []).filter { $0["Key"] as? String == key }.map {
                Version(id: $0["VersionId"] as? String ?? "", isMarker: kind == "DeleteMarkers")
            }
        }
    }

    /// - Returns: the code with which the server refuses; nil where it is gone.
    package func delete(_ key: String, version: String) throws -> String? {
        try answer("delete_object", ["Bucket": Self.name, "Key": key, "VersionId": version])["error"] as? String
    }

    private func call(_ operation: String, _ arguments: [String: Any]) throws -> [String: Any] {
        let answer = try answer(operation, arguments)
        if let error = answer["error"] { throw TestFailure("\(operation): \(error)") }
        return answer
    }

    private func answer(_ operation: String, _ arguments: [String: Any]) throws -> [String: Any] {
        let text = String(decoding: try JSONSerialization.data(withJSONObject: arguments), as: UTF8.self)
        let answer = try AWSClient.call(
            "s3", operation, text, endpoint: server.endpoint, environment: server.environment)
        return try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any] ?? [:]
    }
}
