internal import BackupCore

/// Paths within the dashboard. Ids and parameters are percent-encoded, so none of them can lead elsewhere.
package enum Link {
    package static func agent(_ id: String) -> String { "/agents/" + encoded(id) }
    package static func job(_ id: String) -> String { "/jobs/" + encoded(id) }
    package static func run(_ id: String) -> String { "/runs/" + encoded(id) }
    package static func status(_ slug: String) -> String { "/status/" + encoded(slug) }

    /// `path` with the parameters that are not empty.
    package static func to(_ path: String, _ parameters: [(name: String, value: String)]) -> String {
        let pairs = parameters.filter { !$0.value.isEmpty }.map { encoded($0.name) + "=" + encoded($0.value) }
        return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
    }

    static func api(_ path: String, _ id: String, _ verb: String = "") -> String { "/v1/\(path)/\(encoded(id))\(verb)" }

    private static func encoded(_ text: String) -> String { PercentEncoding.encoded(text) }
}
