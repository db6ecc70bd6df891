internal import BackupCore
internal import Glibc
internal import Synchronization

/// A copy of a SQLite database that has no name any more: it goes with its last descriptor, also when this process is
/// killed.
///
/// Disk: as much as the database at most, in a private directory beside it, or in TMPDIR where that one can't be
/// written.
final class StagedCopy: ByteSource {
    private static let prefix = ".backupy-staged-"

    private let descriptor: Int32
    private let path: String
    /// Of the copy, and so of the dump.
    let fingerprint: Result<Fingerprint, any Error>?
    private let isCancelled = Atomic(false)
    /// Whether the beginning was seen to be a database's.
    private let isChecked = Atomic(false)

    /// - Throws: ``DriverError``; nothing is left on the disk then.
    init(of file: SQLiteFile, size: UInt64, temporary: String, counting: Bool, _ interrupt: SQLiteInterrupt) throws {
        path = file.path
        let beside = file.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file.path[..<$0]) } ?? "."
        let place = try Self.place(among: [beside.isEmpty ? "/" : beside, temporary], for: size)
        Self.removeLeftovers(in: place)
        var template = Array("\(place)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CoreError.systemCall("mkdtemp", on: place, errno: errno) }
        let directory = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // Held while the copy is being made, so that no other run takes it for a leftover.
        let lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Whoever looks for leftovers may hold it for a moment.
        while flock(lock, LOCK_EX) != 0, errno == EINTR {}
        defer {
            unlink(directory + "/copy")
            unlink(directory + "/copy-journal")
            rmdir(directory)
            close(lock)
        }
        try file.copy(to: directory + "/copy", interrupt)
        let copy = SQLiteFile(path: directory + "/copy")
        fingerprint = counting ? Result { try copy.fingerprint(.dump, interrupt) } : nil
        descriptor = open(copy.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CoreError.systemCall("open", on: directory, errno: errno) }
    }

    deinit { close(descriptor) }

    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
            let count = Glibc.read(descriptor, space.baseAddress, space.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CoreError.systemCall("read", on: "the copy of \(path)", errno: errno) }
            if !isChecked.exchange(true, ordering: .relaxed) {
                guard space[..<count].starts(with: SQLiteFile.magic) else {
                    throw DriverError.unexpectedDump("VACUUM INTO")
                }
            }
            return count
        }
    }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// The first directory that can be written and has room for the copy.
    private static func place(among places: [String], for size: UInt64) throws(DriverError) -> String {
        var most: (place: String, free: UInt64)?
        for place in places where access(place, W_OK) == 0 {
            var status = statvfs()
            guard statvfs(place, &status) == 0 else { return place }
            let (free, isHuge) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
            if isHuge || free >= size { return place }
            if free >= most?.free ?? 0 { most = (place, free) }
        }
        throw .noSpace(most?.place ?? places[0], needed: size, free: most?.free ?? 0)
    }

    /// Removes copies whose process was killed while it made them.
    private static func removeLeftovers(in place: String) {
        for name in (try? DirectoryNames.of(place)) ?? [] where name.hasPrefix(prefix) {
            let directory = "\(place)/\(name)"
            let lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard lock >= 0 else { continue }
            // One without a copy may be about to get it: its owner has not locked it yet.
            if flock(lock, LOCK_EX | LOCK_NB) == 0, unlink(directory + "/copy") == 0 {
                unlink(directory + "/copy-journal")
                rmdir(directory)
            }
            close(lock)
        }
    }
}
