package import BackupWire
internal import Glibc
internal import Synchronization

/// The host's load, from /proc, the control group and the file system of the state.
///
/// What can't be read is 0: a heartbeat is worth more than its numbers. Reads files of a few KiB; quick enough for any task.
package final class HostSampler: Sendable {
    private let stateDirectory: String
    private let root: String
    private let last = Mutex<(busy: UInt64, total: UInt64)?>(nil)

    /// - Parameter root: where /proc and /sys are; for tests.
    package init(stateDirectory: String, root: String = "") {
        self.stateDirectory = stateDirectory
        self.root = root
    }

    /// - Returns: with the processor's load since the last call, and 0 at the first; without the queue's depth.
    package func sample() -> HostMetrics {
        var metrics = HostMetrics()
        metrics.cpuPercent = cpuPercent()
        (metrics.memoryUsed, metrics.memoryTotal) = memory()
        (metrics.diskUsed, metrics.diskTotal) = disk()
        return metrics
    }

    /// The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal.
    private func cpuPercent() -> Float {
        let line = TextFile.read("\(root)/proc/stat").prefix { $0 != "\n" }
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
        guard ticks.count >= 5 else { return 0 }
        let total = ticks.reduce(0, &+)
        let now = (busy: total &- ticks[3] &- ticks[4], total: total)
        let before = last.withLock { last in
            defer { last = now }
            return last
        }
        guard let before, now.total > before.total, now.busy >= before.busy else { return 0 }
        return min(100, Float(now.busy - before.busy) / Float(now.total - before.total) * 100)
    }

    /// Of the machine, or of the container where that may use less.
    private func memory() -> (used: UInt64, total: UInt64) {
        var values: [Substring: UInt64] = [:]
        for line in TextFile.read("\(root)/proc/meminfo").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count >= 2, let kilobytes = UInt64(words[1]) { values[words[0].dropLast()] = kilobytes &* 1024 }
        }
        let total = values["MemTotal"] ?? 0
        if let group = groupMemory(), total == 0 || group.total < total { return group }
        let available = values["MemAvailable"] ?? 0
        return (total > available ? total - available : 0, total)
    }

    /// Control group v2 (cgroup(7)). Inside of a container its own group is the root; else /proc/self/cgroup tells it.
    private func groupMemory() -> (used: UInt64, total: UInt64)? {
        let own = TextFile.read("\(root)/proc/self/cgroup").split(separator: "\n").first { $0.hasPrefix("0::") }
        for path in [own.map { String($0.dropFirst(3)) } ?? "", ""] {
            let directory = "\(root)/sys/fs/cgroup\(path == "/" ? "" : path)"
            guard let total = number("\(directory)/memory.max"), let current = number("\(directory)/memory.current")
            else {
                continue
            }
            // Pages of files that can go at once are not in use.
            let statistics = TextFile.read("\(directory)/memory.stat").split(separator: "\n")
            let inactive = statistics.first { $0.hasPrefix("inactive_file ") }.flatMap { UInt64($0.dropFirst(14)) } ?? 0
            return (current > inactive ? current - inactive : 0, total)
        }
        return nil
    }

    /// nil for `max`, and where there is no such file.
    private func number(_ path: String) -> UInt64? { UInt64(TextFile.read(path).prefix { $0 != "\n" }) }

    private func disk() -> (used: UInt64, total: UInt64) {
        var status = statvfs()
        guard statvfs(stateDirectory, &status) == 0 else { return (0, 0) }
        let unit = UInt64(status.f_frsize)
        let total = UInt64(status.f_blocks) &* unit
        // What only root may use is not free for others.
        let free = UInt64(status.f_bavail) &* unit
        return (total > free ? total - free : 0, total)
    }
}
