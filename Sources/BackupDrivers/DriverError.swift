package import BackupCore

/// What goes wrong between Backupy and a database.
///
/// Decided by SQLSTATE, SQLite's result codes and exit statuses; never by the text of a message.
package enum DriverError: BackupError, Equatable {
    case unknownScheme(String)
    case invalidURL(reason: String)
    case noDatabaseName
    case unsafeParameter(String)

    case toolNotFound(String)
    case toolTooOld(String, version: String, database: String)
    case toolDoesNotFit(String, version: String, reason: String)
    case toolNotStarted(String, reason: String)
    case libraryNotLoaded(String, reason: String)
    /// - Parameters:
    ///   - ending: how it ended: `exit status 1`, `signal 9`.
    ///   - words: the last it said on stderr, secrets removed.
    case toolFailed(String, ending: String, words: String)
    case unexpectedDump(String)
    case incompleteDump(String)
    case unsupportedOption(String, engine: String)
    case invalidContainer(String)
    case dockerUnreachable(String, reason: String)
    case dockerFailed(String)
    case noSuchContainer(String)
    case containerNotRunning(String, reason: String)
    case noSuchVariable(String, container: String)
    case damagedArchive(String)
    case valueTooLarge(UInt64)
    case notInBackup(String, databases: [String])

    case cannotConnect(String, reason: String)
    case authenticationFailed(String, reason: String)
    case unknownDatabase(String)
    case notReady(String, reason: String)
    case queryFailed(String, sqlState: String, reason: String)

    case otherFlavour(database: String, server: String, dump: String)
    case serverTooOld(database: String, version: String, dump: String)
    case notEmpty(String)
    case cannotDropDatabase(String, reason: String)

    case fileNotFound(String)
    case notADatabase(String)
    case damaged(String, reason: String)
    case busy(String)
    case leftoverJournal(String)
    case noSpace(String, needed: UInt64, free: UInt64)
    case diskFull(String)
    case sqlite(String, code: Int32, reason: String)

    package var code: String {
        switch self {
        case .unknownScheme: "driver.unknown_scheme"
        case .invalidURL: "driver.invalid_url"
        case .noDatabaseName: "driver.no_database_name"
        case .unsafeParameter: "driver.unsafe_parameter"
        case .toolNotFound: "driver.tool_not_found"
        case .toolTooOld: "driver.tool_too_old"
        case .toolDoesNotFit: "driver.tool_does_not_fit"
        case .toolNotStarted: "driver.tool_not_started"
        case .libraryNotLoaded: "driver.library_not_loaded"
        case .toolFailed: "driver.tool_failed"
        case .unexpectedDump: "driver.unexpected_dump"
        case .incompleteDump: "driver.incomplete_dump"
        case .unsupportedOption: "driver.unsupported_option"
        case .invalidContainer: "driver.invalid_container"
        case .dockerUnreachable: "driver.docker_unreachable"
        case .dockerFailed: "driver.docker_failed"
        case .noSuchContainer: "driver.no_such_container"
        case .containerNotRunning: "driver.container_not_running"
        case .noSuchVariable: "driver.no_such_variable"
        case .damagedArchive: "driver.damaged_archive"
        case .valueTooLarge: "driver.value_too_large"
        case .notInBackup: "driver.not_in_backup"
        case .otherFlavour: "driver.other_flavour"
        case .cannotConnect: "driver.cannot_connect"
        case .authenticationFailed: "driver.authentication_failed"
        case .unknownDatabase: "driver.unknown_database"
        case .notReady: "driver.not_ready"
        case .queryFailed: "driver.query_failed"
        case .serverTooOld: "driver.server_too_old"
        case .notEmpty: "driver.not_empty"
        case .cannotDropDatabase: "driver.cannot_drop_database"
        case .fileNotFound: "driver.file_not_found"
        case .notADatabase: "driver.not_a_database"
        case .damaged: "driver.damaged"
        case .busy: "driver.busy"
        case .leftoverJournal: "driver.leftover_journal"
        case .noSpace: "driver.no_space"
        case .diskFull: "driver.disk_full"
        case .sqlite: "driver.sqlite"
        }
    }

    package var message: String {
        switch self {
        case .unknownScheme(let scheme): "'\(scheme)' is not a kind of database that Backupy knows"
        case .invalidURL(let reason): "the database URL can't be read: \(reason)"
        case .noDatabaseName: "the backup is of a whole server, and no database of it was named"
        case .unsafeParameter(let name):
            "the database URL has '\(name)', which would be visible to everyone on this machine"
        case .toolNotFound(let tool): "\(tool) was not found"
        case .toolTooOld(let tool, let version, let database):
            "\(tool) \(version) is older than the server, \(database)"
        case .toolDoesNotFit(let tool, let version, let reason): "\(tool) \(version) can't be used: \(reason)"
        case .toolNotStarted(let tool, let reason): "\(tool) could not be started: \(reason)"
        case .libraryNotLoaded(let library, let reason): "\(library) could not be loaded: \(reason)"
        case .toolFailed(let tool, let ending, let words):
            words.isEmpty ? "\(tool) ended with \(ending) and said nothing" : "\(tool) ended with \(ending): \(words)"
        case .unexpectedDump(let tool): "what \(tool) wrote does not begin as its dumps do"
        case .incompleteDump(let tool): "what \(tool) wrote does not end as its dumps do, although it reported no error"
        case .unsupportedOption(let option, let engine): "\(option) can't be used with \(engine)"
        case .invalidContainer(let name): "'\(name)' is not a container's name, or its engine has no socket's path"
        case .dockerUnreachable(let socket, let reason): "the Docker engine at \(socket) can't be reached: \(reason)"
        case .dockerFailed(let reason): "the Docker engine failed: \(reason)"
        case .noSuchContainer(let name): "there is no container '\(name)'"
        case .noSuchVariable(let name, let container):
            "container '\(container)' was started without a variable '\(name)'"
        case .containerNotRunning(let name, let reason): "container '\(name)' does not run: \(reason)"
        case .damagedArchive(let what): "the dump can't be taken apart: \(what)"
        case .valueTooLarge(let size):
            "a value has \(size) bytes, and a running server takes no more than 512 MiB at once"
        case .notInBackup(let name, let databases):
            "there is no database '\(name)' in the backup, which holds \(databases.prefix(20).joined(separator: ", "))"
        case .otherFlavour(let database, let server, let dump):
            "database '\(database)' is on \(server), and the backup is of \(dump)"
        case .cannotConnect(let database, let reason): "database '\(database)' can't be reached: \(reason)"
        case .authenticationFailed(let database, let reason): "database '\(database)' refused the login: \(reason)"
        case .unknownDatabase(let database): "there is no database '\(database)' on this server"
        case .notReady(let database, let reason):
            "the server of database '\(database)' takes no connection now: \(reason)"
        case .queryFailed(let database, let sqlState, let reason):
            "a query on database '\(database)' failed: \(reason) (SQLSTATE \(sqlState))"
        case .serverTooOld(let database, let version, let dump):
            "database '\(database)' is on \(version), and the backup is of the newer \(dump)"
        case .notEmpty(let database): "database '\(database)' is not empty"
        case .cannotDropDatabase(let database, let reason):
            "database '\(database)', made for this restore, can't be dropped again: \(reason)"
        case .fileNotFound(let path): "there is no file \(path)"
        case .notADatabase(let path): "\(path) is not a SQLite database"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        case .busy(let path): "\(path) is in use by another process"
        case .leftoverJournal(let path):
            "\(path) is there without its database, and SQLite would replay it into a new one"
        case .noSpace(let path, let needed, let free):
            "\(path) has room for \(free) bytes, and the copy needs up to \(needed)"
        case .diskFull(let path): "the disk is full at \(path)"
        case .sqlite(let path, let code, let reason): "SQLite failed on \(path): \(reason) (result code \(code))"
        }
    }

    package var hint: String {
        switch self {
        case .unknownScheme:
            "give postgres://, mysql://, mariadb://, mongodb:// or redis://, each with USER@HOST:PORT/DATABASE, or sqlite:///PATH"
        case .invalidURL:
            "scheme://USER@HOST:PORT/DATABASE, special characters as %XX; SQLite: sqlite:///PATH"
        case .noDatabaseName: "name one with --database, or restore all with a URL that names none"
        case .unsafeParameter: "use a client key without a passphrase, in a file that only you can read"
        case .toolNotFound:
            "install the client tools (Debian: apt install postgresql-client or mariadb-client) where they are to run, or put them into PATH"
        case .toolTooOld:
            "install the client tools of the server's version or a newer one; they are used from PATH and /usr/lib/postgresql"
        case .toolDoesNotFit:
            "install newer client tools beside these; they are used from PATH and /usr/lib/postgresql"
        case .toolNotStarted: "check that it can be executed, and this machine's limits on processes and open files"
        case .libraryNotLoaded: "install it (Debian: apt install libmongoc-1.0-0), and start the program again"
        case .toolFailed: "the tool's own words say what to look at; the server's log may say more"
        case .unexpectedDump:
            "check that the tool in PATH is the real one, and not a wrapper that prints something of its own"
        case .incompleteDump: "look for what ended it: the server's log, and this machine's memory"
        case .unsupportedOption: "leave it away"
        case .invalidContainer: "give a name or an id as 'docker ps' prints it, and the socket as an absolute path"
        case .dockerUnreachable: "check --docker-socket, that the engine runs, and that this user may use its socket"
        case .dockerFailed: "try again; the engine's log says more"
        case .noSuchContainer: "'docker ps' shows what runs"
        case .containerNotRunning: "start it, and try again"
        case .noSuchVariable:
            "check the name after 'container-env:'; where the image takes the password from a file, use 'file:' instead"
        case .damagedArchive: "use another backup, and keep this one for analysis"
        case .valueTooLarge: "restore into a file, rdb:///PATH, and start a server from it"
        case .notInBackup: "give one of these names with --database"
        case .otherFlavour:
            "restore into a server of the same kind; 'backupy download' and backupy-decrypt give you the SQL"
        case .cannotConnect:
            "check host and port, that the server runs, and that it can be reached from here"
        case .authenticationFailed:
            "check user and password (PGPASSWORD, ~/.pgpass or MYSQL_PWD), and who the server lets in from here"
        case .unknownDatabase: "check the name; a restore makes the database with --create"
        case .notReady: "try again shortly"
        case .queryFailed(_, "42501", _): "give the user the right to read all of the database, or use its owner"
        case .queryFailed: "the server's log says more"
        case .serverTooOld: "restore into a server of the same version or a newer one"
        case .notEmpty:
            "restore into an empty database, make a new one with --create, or write --overwrite to replace what is there"
        case .cannotDropDatabase: "drop it yourself when nobody uses it any more"
        case .fileNotFound: "check the path: sqlite:///PATH has three slashes before an absolute path"
        case .notADatabase: "check the path; an encrypted database can't be read without its own library"
        case .damaged: "'sqlite3 FILE .recover' may save what can still be read"
        case .busy: "stop what uses it, and try again"
        case .leftoverJournal: "move it away; it may hold the last changes of a database that was moved or deleted"
        case .noSpace: "free some space, or set TMPDIR to a directory with more"
        case .diskFull: "free some space, and try again"
        case .sqlite: "check the file's permissions and its disk"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .cannotConnect, .notReady, .busy, .toolFailed, .toolNotStarted, .dockerUnreachable, .dockerFailed: .retry
        default: .userAction
        }
    }
}
