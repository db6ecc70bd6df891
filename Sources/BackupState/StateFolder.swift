internal import BackupCore
internal import Glibc

/// The directory of the state: made, proven to be writable, and held by one agent at a time.
struct StateFolder: Sendable {
    let path: String

    var database: String { path + "/state.db" }
    var newDatabase: String { path + "/state.db.new" }
    var lockFile: String { path + "/state.lock" }

    /// Makes the directory (0700) where there is none, and writes a file in it.
    func probe() throws(StateError) {
        try make()
        let name = "\(path)/.probe.\(getpid())"
        let file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw error(errno) }
        defer {
            close(file)
            unlink(name)
        }
        guard write(file, "x", 1) == 1, fsync(file) == 0 else { throw error(errno) }
    }

    private func make() throws(StateError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            // Where a directory above can't be written, it may still be there.
            let failure = errno
            var status = stat()
            guard stat(made, &status) == 0 else { throw error(failure) }
        }
    }

    /// Takes the lock: the kernel gives it back when the process ends, however it ends.
    /// - Returns: the descriptor that holds it.
    func lock() throws(StateError) -> Int32 {
        let file = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw error(errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            close(file)
            throw failure == EWOULDBLOCK ? .inUse(path) : error(failure)
        }
        return file
    }

    /// What there is under the database's name.
    enum Found {
        case nothing
        case file
    }

    /// An empty file, and a journal without its database, are damage: a new database appears only when it is complete.
    func find() throws(StateError) -> Found {
        var status = stat()
        if lstat(database, &status) == 0 {
            guard status.st_size > 0 else { throw .damaged(database, reason: "it is empty") }
            return .file
        }
        guard errno == ENOENT else { throw error(errno) }
        guard lstat(database + "-wal", &status) != 0 else {
            throw .damaged(database, reason: "it is gone, and its journal is there")
        }
        return .nothing
    }

    /// An empty file (0600); SQLite gives the files beside it the same permissions.
    func makePrivateFile(_ name: String) throws(StateError) {
        let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw error(errno) }
        close(file)
    }

    /// Gives the new database its name, once it is on the disk.
    func publish() throws(StateError) {
        try sync(newDatabase, O_RDONLY)
        guard rename(newDatabase, database) == 0 else { throw error(errno) }
        try sync(path, O_RDONLY | O_DIRECTORY)
    }

    private func sync(_ path: String, _ flags: Int32) throws(StateError) {
        let file = open(path, flags | O_CLOEXEC)
        guard file >= 0 else { throw error(errno) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw error(errno) }
    }

    func removeUnfinished() {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(newDatabase + suffix) }
    }

    func error(_ errno: Int32) -> StateError {
        switch errno {
        case ENOSPC, EDQUOT: .diskFull(path)
        case EIO: .failed(path, code: errno, reason: SystemMessage.of(errno))
        default: .notWritable(path, uid: geteuid(), reason: SystemMessage.of(errno))
        }
    }
}
