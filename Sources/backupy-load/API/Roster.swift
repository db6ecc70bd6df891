internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// The file of agents: a line for each, with its id, its key, and its job's id where it has one. 0600, as the keys are in it.
struct Roster: Sendable {
    struct Entry: Sendable {
        let id: String
        let key: Secret
        var job: String?

        fileprivate var line: String { ([id, key.revealed] + (job.map { [$0] } ?? [])).joined(separator: " ") + "\n" }
    }

    /// Calls to the API at the same time.
    private static let calls = 8

    let path: String
    private(set) var entries: [Entry]

    /// - Throws: ``LoadError`` for a file that can't be read; one that is not there has no agents.
    init(path: String) throws {
        self.path = path
        entries = []
        guard let file = fopen(path, "re") else {
            guard errno == ENOENT else { throw LoadError.unreadableFile(path, errno: errno) }
            return
        }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }.map(String.init)
            guard words.count == 2 || words.count == 3 else {
                throw LoadError.badRoster(path, line: entries.count + 1)
            }
            entries.append(Entry(id: words[0], key: Secret(words[1]), job: words.count == 3 ? words[2] : nil))
        }
    }

    /// Makes what is missing to `count` agents, the first `jobs` of which have a job, and writes the file.
    mutating func fill(_ count: Int, jobs: Int = 0, from api: LoadAPI) async throws {
        let prefix = "load-\(String(UInt32.random(in: .min ... .max), radix: 36))"
        let missing = max(0, count - entries.count)
        let jobless = entries.indices.prefix(jobs).filter { entries[$0].job == nil }
        let fresh = max(0, min(jobs, count) - entries.count)
        guard missing > 0 || !jobless.isEmpty else { return }
        Console.say("making \(missing) agents and \(jobless.count + fresh) jobs…")
        entries += try await Self.all(missing) { index in
            var entry = try await api.makeAgent(named: "\(prefix)-\(index)")
            if index < fresh { entry.job = try await api.makeJob(agent: entry.id) }
            return entry
        }
        let old = entries
        let made = try await Self.all(jobless.count) { try await api.makeJob(agent: old[jobless[$0]].id) }
        for (index, job) in zip(jobless, made) { entries[index].job = job }
        try write()
    }

    /// `count` calls, ``calls`` at a time, their results in order.
    private static func all<R: Sendable>(_ count: Int, _ call: @escaping @Sendable (Int) async throws -> R) async throws
        -> [R]
    {
        try await withThrowingTaskGroup(of: (Int, R).self) { group in
            var results: [Int: R] = [:]
            for index in 0..<count {
                if index >= calls, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (index, try await call(index)) }
            }
            for try await (done, result) in group { results[done] = result }
            return (0..<count).compactMap { results[$0] }
        }
    }

    private func write() throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
            throw LoadError.unwritableFile(path, errno: errno)
        }
        for entry in entries { fputs(entry.line, file) }
        guard fclose(file) == 0 else { throw LoadError.unwritableFile(path, errno: errno) }
    }
}
