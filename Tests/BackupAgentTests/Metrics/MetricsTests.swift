@testable import BackupAgent
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct MetricsTests {
    private func filled() -> AgentMetrics {
        let metrics = AgentMetrics(version: "1.2.3", commit: "abc\"\\\n")
        metrics.setConfigVersion(7)
        metrics.setQueueDepth(2)
        metrics.setConnection(.connected)
        metrics.countReconnect()
        metrics.countRun(jobID: "j1", status: "success", duration: .milliseconds(2500), size: 3 << 20)
        metrics.countRun(jobID: "j1", status: "failed", duration: .seconds(100_000), size: nil)
        metrics.countHealthCheck(id: "c1", duration: .milliseconds(20))
        metrics.countStage("compress", bytes: 1 << 40, busy: .milliseconds(1500))
        return metrics
    }

    @Test func theNamesAreThoseOfTheContract() {
        let text = filled().exposition
        let names = Set(
            text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] })
        #expect(
            names == [
                "backupy_agent_up", "backupy_agent_build_info", "backupy_agent_config_version",
                "backupy_agent_runs_total",
                "backupy_agent_run_duration_seconds", "backupy_agent_run_size_bytes", "backupy_agent_queue_depth",
                "backupy_agent_wss_connection_state", "backupy_agent_wss_reconnects_total",
                "backupy_agent_health_check_duration_seconds", "backupy_agent_stage_bytes_total",
                "backupy_agent_stage_busy_seconds_total",
            ])
        for line in [
            "backupy_agent_up 1", #"backupy_agent_build_info{version="1.2.3",commit="abc\"\\\n"} 1"#,
            "backupy_agent_config_version 7", #"backupy_agent_runs_total{job_id="j1",status="success"} 1"#,
            #"backupy_agent_run_duration_seconds_bucket{le="1"} 0"#,
            #"backupy_agent_run_duration_seconds_bucket{le="5"} 1"#,
            #"backupy_agent_run_duration_seconds_bucket{le="+Inf"} 2"#,
            "backupy_agent_run_duration_seconds_sum 100002.5",
            "backupy_agent_run_size_bytes_count 1", #"backupy_agent_run_size_bytes_bucket{le="8388608"} 1"#,
            #"backupy_agent_wss_connection_state{state="connected"} 1"#,
            #"backupy_agent_wss_connection_state{state="disconnected"} 0"#, "backupy_agent_wss_reconnects_total 1",
            #"backupy_agent_health_check_duration_seconds_bucket{check_id="c1",le="0.05"} 1"#,
            #"backupy_agent_stage_bytes_total{stage="compress"} 1099511627776"#,
            #"backupy_agent_stage_busy_seconds_total{stage="compress"} 1.5"#, "backupy_agent_queue_depth 2",
        ] {
            #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)")
        }
    }

    private static let promtool: String? = try? TestTools.path("promtool")

    @Test(.enabled(if: promtool != nil, "promtool was not found: script/setup installs it"))
    func promtoolFindsNothingToSay() throws {
        for metrics in [AgentMetrics(version: "1", commit: "2"), filled()] {
            let promtool = try #require(Self.promtool)
            let outcome = try TestProcess.run(promtool, ["check", "metrics"], input: metrics.exposition)
            #expect(
                outcome.status == 0 && outcome.errors.isEmpty && outcome.output.isEmpty,
                "\(outcome.errors)\(outcome.output)")
        }
    }

    @Test func idsThatNeverEndDoNotGrowIt() {
        let metrics = AgentMetrics(version: "1", commit: "2")
        for number in 0..<5000 {
            metrics.countRun(
                jobID: "job-\(number)" + String(repeating: "x", count: 1000), status: "success", duration: .zero,
                size: 1)
        }
        let lines = metrics.exposition.split(separator: "\n").filter { $0.hasPrefix("backupy_agent_runs_total{") }
        #expect(lines.count == MetricFamily.largestCount + 1)
        #expect(lines.contains(#"backupy_agent_runs_total{job_id="other",status="other"} 4488"#))
        #expect(lines.allSatisfy { $0.utf8.count < 220 })
    }

    /// A quote with a mark that combines with it is another character, and still a quote.
    @Test func anIDDoesNotEndItsLabel() {
        var family = MetricFamily(.gauge, "x", "x", labels: ["job_id"])
        family.set(1, ["a\"\u{308} 1\nup 0"])
        let lines = family.exposition.split(separator: "\n")
        #expect(lines.last == "x{job_id=\"a\\\"\u{308} 1\\nup 0\"} 1" && lines.count == 3, "\(lines)")
    }
}
