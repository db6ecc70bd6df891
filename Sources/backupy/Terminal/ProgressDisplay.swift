internal import BackupCore
internal import BackupPipeline
internal import Glibc

/// One line on the terminal that says what is going on, five times a second, until the task is cancelled.
struct ProgressDisplay {
    private let progress: Progress

    init(_ progress: Progress) { self.progress = progress }

    func run() async {
        defer { Console.show("\r\u{1B}[K") }
        while true {
            Console.show("\r" + clipped(line()) + "\u{1B}[K")
            do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
        }
    }

    /// `dumping  412.3 MB in · 158.2 MB out · 189.0 MB/s · 2.4 s · limited by compress`
    func line() -> String {
        let stages = progress.stages
        guard let first = stages.first, let last = stages.last else { return "\(progress.step.rawValue) …" }
        let elapsed = progress.elapsed
        var parts = ["\(Quantity.bytes(first.bytesIn)) in", "\(Quantity.bytes(last.bytesIn)) out"]
        if let share = progress.share { parts.insert("\(Int(share * 100)) %", at: 0) }
        parts.append(Quantity.rate(first.bytesIn, in: elapsed))
        parts.append(Quantity.duration(elapsed))
        if let limiting = progress.limiting { parts.append("limited by \(limiting.rawValue)") }
        return "\(progress.step.rawValue)  " + parts.joined(separator: " · ")
    }

    /// A line that wraps can't be overwritten.
    private func clipped(_ line: String) -> String {
        var size = winsize()
        let columns = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 80
        return columns > 1 ? String(line.prefix(columns - 1)) : line
    }
}
