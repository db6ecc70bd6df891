package import BackupCore
internal import Glibc

/// SQLite files in a container's volumes, by their first 16 bytes.
///
/// Only where the agent may read the host's directories. Links are not followed, so that none leads out of the volume, and other
/// file systems, devices and pipes are not opened. Bounds for a container: the constants below.
package struct VolumeFiles: Sendable {
    static let largestDepth = 6
    /// Names that are looked at.
    static let largestCount = 5000
    /// Files that are reported.
    package static let largestFound = 16

    /// "Database File Format", section 1.2.
    private static let magic = Array("SQLite format 3\0".utf8)

    package init() {}

    /// Paths on the host, sorted. What can't be read is not there.
    package func databases(of container: ContainerFacts) async -> [String] {
        let sources = container.mounts.map(\.source).filter { !Self.isOfTheHost($0) }
        guard !sources.isEmpty else { return [] }
        do {
            return try await BlockingThread.run("volumes") {
                var scan = Scan()
                for source in sources { scan.look(at: source) }
                return scan.found.sorted()
            }
        } catch {
            // There is no further thread: the next look may find one.
            return []
        }
    }

    /// A container that has the host's own directories shows the host, not its own data.
    private static func isOfTheHost(_ path: String) -> Bool {
        ["/", "/proc", "/sys", "/dev", "/run", "/var/run", "/etc", "/usr", "/boot", "/var/lib/docker"].contains(path)
            || ["/proc/", "/sys/", "/dev/", "/run/", "/var/run/"].contains { path.hasPrefix($0) }
    }

    private struct Scan {
        var found: [String] = []
        private var seen = 0
        private var isFull: Bool { seen >= VolumeFiles.largestCount || found.count >= VolumeFiles.largestFound }

        mutating func look(at path: String) {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            var facts = stat()
            guard fstat(descriptor, &facts) == 0 else { return }
            if facts.st_mode & S_IFMT == S_IFDIR {
                walk(descriptor, path, depth: 0, device: facts.st_dev)
            } else {
                judge(descriptor, path, facts)
            }
        }

        private mutating func walk(_ directory: Int32, _ path: String, depth: Int, device: dev_t) {
            // What can't be listed is not there for us.
            let rest = VolumeFiles.largestCount - seen
            guard rest > 0, let names = try? DirectoryNames.of(descriptor: directory, path, atMost: rest) else {
                return
            }
            for name in names.sorted() {
                guard !isFull else { return }
                seen += 1
                var facts = stat()
                guard fstatat(directory, name, &facts, AT_SYMLINK_NOFOLLOW) == 0, facts.st_dev == device else {
                    continue
                }
                let isDirectory = facts.st_mode & S_IFMT == S_IFDIR
                guard isDirectory ? depth < VolumeFiles.largestDepth : facts.st_mode & S_IFMT == S_IFREG else {
                    continue
                }
                // It may be another one by now: what was opened decides.
                let descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
                guard descriptor >= 0 else { continue }
                defer { close(descriptor) }
                guard fstat(descriptor, &facts) == 0 else { continue }
                if isDirectory, facts.st_mode & S_IFMT == S_IFDIR {
                    walk(descriptor, "\(path)/\(name)", depth: depth + 1, device: device)
                } else {
                    judge(descriptor, "\(path)/\(name)", facts)
                }
            }
        }

        private mutating func judge(_ descriptor: Int32, _ path: String, _ facts: stat) {
            guard facts.st_mode & S_IFMT == S_IFREG, facts.st_size >= 512 else { return }
            var bytes = [UInt8](repeating: 0, count: 16)
            if pread(descriptor, &bytes, bytes.count, 0) == bytes.count, bytes == VolumeFiles.magic {
                found.append(path)
            }
        }
    }
}
