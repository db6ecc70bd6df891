internal import BackupCore
internal import Synchronization

/// What the server counts, for Prometheus.
///
/// Memory: ``MetricFamily/largestCount`` label sets a family.
package final class ServerMetrics: Sendable {
    private struct Families {
        var up = MetricFamily(.gauge, "backupy_server_up", "Whether the server runs.")
        var buildInfo = MetricFamily(
            .gauge, "backupy_server_build_info", "What was built; always 1.", labels: ["version", "commit"])
        var requests = MetricFamily(
            .counter, "backupy_server_http_requests_total", "Answers of the API.", labels: ["operation", "status"])
        var durations = MetricFamily(
            .histogram([0.005, 0.025, 0.1, 0.5, 2.5, 10]), "backupy_server_http_request_duration_seconds",
            "How long answers took.", labels: ["operation"])
        var eventReaders = MetricFamily(
            .gauge, "backupy_server_event_readers", "Who listens to the event stream.")

        var all: [MetricFamily] { [up, buildInfo, requests, durations, eventReaders] }
    }

    private let families: Mutex<Families>

    package init() {
        var families = Families()
        families.up.set(1)
        families.buildInfo.set(1, [ServerVersion.current, ServerVersion.commit])
        families.eventReaders.set(0)
        self.families = Mutex(families)
    }

    /// - Parameter operation: of an endpoint, so that there are only so many.
    package func countRequest(_ operation: String, status: Int, duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        families.withLock { families in
            families.requests.add(1, [operation, "\(status)"])
            families.durations.observe(seconds, [operation])
        }
    }

    package func setEventReaders(_ count: Int) { families.withLock { $0.eventReaders.set(Double(count)) } }

    /// Prometheus' text format, 0.0.4.
    package var exposition: String { families.withLock { $0.all }.map(\.exposition).joined() }
}
