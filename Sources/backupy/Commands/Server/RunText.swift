/// A run, in a list and at its end.
struct RunText {
    let run: JSONValue

    init(_ run: JSONValue) { self.run = run }

    private func text(_ name: String) -> String { run[name]?.shown ?? "" }

    var id: String { text("id") }
    var status: String { text("status") }
    var isLive: Bool { ["pending", "dispatched", "running", "uploading", "validating"].contains(status) }
    var failure: String { run["error"]?["message"]?.text ?? "" }
    var hint: String { run["error"]?["hint"]?.text ?? "" }
    /// Of a restore's database, once it has ended.
    var targetState: String { text("target_state") }
    /// `AGENT/TARGET`, from where its object stands; empty until it was ordered.
    private var target: String {
        text("object_key").split(separator: "/").prefix(2).joined(separator: "/")
    }
    private var size: String { run["size_bytes"]?.integer.map { Quantity.bytes(UInt64(max(0, $0))) } ?? "" }
    private var duration: String {
        run["duration_ms"]?.integer.map { Quantity.duration(.milliseconds($0)) } ?? ""
    }

    static let header = ["RUN", "TARGET", "STATUS", "SIZE", "TOOK", "CHECKED", "ERROR"]
    var row: [String] { [id, target, status, size, duration, text("validated"), failure] }

    /// `running  42 % · 158.2 MB · 12 s`
    func progress(after elapsed: Duration) -> String {
        let percent = run["progress_percent"]?.integer.map { "\($0) %" }
        let bytes = run["bytes_done"]?.integer.map { Quantity.bytes(UInt64(max(0, $0))) }
        return "\(status)  " + [percent, bytes, Quantity.duration(elapsed)].compactMap { $0 }.joined(separator: " · ")
    }

    var lines: [String] {
        ["Run \(id): \(status)"]
            + [("stored", size), ("took", duration), ("checked", text("validated"))].compactMap {
                $0.1.isEmpty ? nil : "  \($0.0)  \($0.1)"
            }
    }
}
