internal import BackupCore
internal import Synchronization

/// What the agent counts, for Prometheus.
///
/// Memory: ``MetricFamily/largestCount`` label sets a family, whatever a server sends as ids.
package final class AgentMetrics: Sendable {
    /// The states that a connection can be in; exactly one is 1.
    package enum ConnectionState: String, Sendable, CaseIterable {
        case disconnected
        case connecting
        case connected
    }

    private struct Families {
        var up = MetricFamily(.gauge, "backupy_agent_up", "Whether the agent runs.")
        var buildInfo = MetricFamily(
            .gauge, "backupy_agent_build_info", "What was built; always 1.", labels: ["version", "commit"])
        var configVersion = MetricFamily(
            .gauge, "backupy_agent_config_version", "The version of the configuration that is applied.")
        var runs = MetricFamily(.counter, "backupy_agent_runs_total", "Runs that ended.", labels: ["job_id", "status"])
        var runDuration = MetricFamily(
            .histogram([1, 5, 15, 60, 300, 900, 3600, 14400, 43200]), "backupy_agent_run_duration_seconds",
            "How long runs took.")
        var runSize = MetricFamily(
            .histogram((0...7).map { Double(1 << (20 + 3 * $0)) }), "backupy_agent_run_size_bytes",
            "Bytes that runs stored.")
        var queueDepth = MetricFamily(.gauge, "backupy_agent_queue_depth", "Runs that wait.")
        var connection = MetricFamily(
            .gauge, "backupy_agent_wss_connection_state",
            "The state of the connection to the server: 1 for the one it is in.",
            labels: ["state"])
        var reconnects = MetricFamily(
            .counter, "backupy_agent_wss_reconnects_total", "Connections to the server after the first.")
        var healthChecks = MetricFamily(
            .histogram([0.01, 0.05, 0.25, 1, 5]), "backupy_agent_health_check_duration_seconds",
            "How long health checks took.",
            labels: ["check_id"])
        var stageBytes = MetricFamily(
            .counter, "backupy_agent_stage_bytes_total", "Bytes that went into a stage of the stream.",
            labels: ["stage"])
        var stageBusy = MetricFamily(
            .counter, "backupy_agent_stage_busy_seconds_total",
            "Time that a stage of the stream worked, without its waiting.",
            labels: ["stage"])

        var all: [MetricFamily] {
            [
                up, buildInfo, configVersion, runs, runDuration, runSize, queueDepth, connection, reconnects,
                healthChecks, stageBytes, stageBusy,
            ]
        }
    }

    private let families: Mutex<Families>

    package init(version: String, commit: String) {
        var families = Families()
        families.up.set(1)
        families.buildInfo.set(1, [version, commit])
        families.configVersion.set(0)
        families.queueDepth.set(0)
        families.reconnects.add(0)
        for state in ConnectionState.allCases {
            families.connection.set(state == .disconnected ? 1 : 0, [state.rawValue])
        }
        self.families = Mutex(families)
    }

    package func setConfigVersion(_ version: UInt64) { families.withLock { $0.configVersion.set(Double(version)) } }
    package func setQueueDepth(_ depth: Int) { families.withLock { $0.queueDepth.set(Double(depth)) } }

    package func setConnection(_ current: ConnectionState) {
        families.withLock { families in
            for state in ConnectionState.allCases {
                families.connection.set(state == current ? 1 : 0, [state.rawValue])
            }
        }
    }

    package func countReconnect() { families.withLock { $0.reconnects.add(1) } }

    /// - Parameters:
    ///   - status: `success`, `failed` or `cancelled`.
    ///   - size: nil where nothing was stored.
    package func countRun(jobID: String, status: String, duration: Duration, size: UInt64?) {
        families.withLock { families in
            families.runs.add(1, [jobID, status])
            families.runDuration.observe(duration.inSeconds)
            if let size { families.runSize.observe(Double(size)) }
        }
    }

    package func countHealthCheck(id: String, duration: Duration) {
        families.withLock { $0.healthChecks.observe(duration.inSeconds, [id]) }
    }

    /// - Parameters:
    ///   - stage: `dump`, `compress`, `encrypt` or `store`.
    ///   - bytes: since the last time.
    ///   - busy: since the last time.
    package func countStage(_ stage: String, bytes: UInt64, busy: Duration) {
        families.withLock { families in
            families.stageBytes.add(Double(bytes), [stage])
            families.stageBusy.add(busy.inSeconds, [stage])
        }
    }

    /// Prometheus' text format, 0.0.4.
    package var exposition: String { families.withLock { $0.all }.map(\.exposition).joined() }
}

extension Duration {
    /// Exactly, for decimal fractions: dividing durations is not.
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
