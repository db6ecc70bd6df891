internal import FoundationEssentials
internal import Glibc

/// What the kernel knows of the server's process (proc(5)).
struct ServerProcess: Sendable {
    let id: Int32

    /// User and system time so far, of all its threads.
    func cpuTime() throws -> Duration {
        // The name in parentheses may have anything in it; field 3 is behind the last one, 14 and 15 are the times.
        let text = try read("stat")
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst()
        guard fields.count > 12, let user = Int(fields[fields.startIndex + 11]),
            let system = Int(fields[fields.startIndex + 12])
        else { throw LoadError.noProcess(id) }
        return .seconds(Double(user + system) / Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// In bytes.
    func residentMemory() throws -> Int {
        let line = try read("status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }), words.count > 1,
            let kilobytes = Int(words[1])
        else { throw LoadError.noProcess(id) }
        return kilobytes << 10
    }

    private func read(_ name: String) throws -> String {
        guard let file = fopen("/proc/\(id)/\(name)", "re") else { throw LoadError.noProcess(id) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
