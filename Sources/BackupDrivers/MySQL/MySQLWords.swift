internal import BackupCore

/// What the clients say, told apart by the number that every message of theirs begins with.
///
/// Source: MySQL's and MariaDB's lists of server and client error codes.
enum MySQLWords {
    /// `ERROR 1045 (28000): …` of the shell, `mysqldump: Got error: 1045: "…" when …` of the dump tool; nil when there is
    /// no number in it.
    static func error(_ words: String, database: String) -> DriverError? {
        guard let (number, state, reason) = parts(of: words) else { return nil }
        switch number {
        // access denied for user; to the database; no password where one is needed; account locked, expired; host not allowed
        case 1045, 1044, 1698, 3118, 4151, 1130, 1820, 1862, 1251, 2059, 2061:
            return .authenticationFailed(database, reason: reason)
        case 1049: return .unknownDatabase(database)
        // too many connections; shutdown in progress; too many of the user
        case 1040, 1053, 1203, 1226: return .notReady(database, reason: reason)
        // every error of the client library is one of the connection
        case 2000..<3000: return .cannotConnect(database, reason: reason)
        default: return .queryFailed(database, sqlState: state ?? "HY000", reason: "\(reason) [\(number)]")
        }
    }

    private static func parts(of words: String) -> (Int, String?, String)? {
        if let match = words.firstMatch(of: /ERROR ([0-9]{4}) \(([0-9A-Z]{5})\)(?: at line [0-9]+)?: (.*)/) {
            return Int(match.1).map { ($0, String(match.2), String(match.3)) }
        }
        if let match = words.firstMatch(of: /[Gg]ot error: ([0-9]{4}): (.*)/) {
            return Int(match.1).map { ($0, nil, String(match.2)) }
        }
        return nil
    }
}
