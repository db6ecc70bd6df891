internal import BackupCore
internal import CPostgreSQL
internal import FoundationEssentials

/// Where a PostgreSQL server is, and what of it may be shown.
///
/// A password with an `@` or a `/` that was not encoded ends up in the host, the port or the database's name, and libpq's messages
/// repeat those: such an address is refused before anything is said about it.
struct PostgreSQLAddress {
    let secret: Secret
    /// Host, port and database, for messages.
    let place: String

    /// - Throws: ``ControlStoreError/badAddress``.
    init(_ secret: Secret) throws(ControlStoreError) {
        guard let options = PQconninfoParse(secret.revealed, nil) else { throw .badAddress }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let (host, port, database) = (values["host"] ?? "", values["port"] ?? "", values["dbname"] ?? "")
        // Several hosts and ports stand between commas.
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ",") }),
            ![host, database].contains(where: { $0.contains("@") }), !database.contains("/")
        else { throw .badAddress }
        self.secret = secret
        place = "postgres://\(host)\(port.isEmpty ? "" : ":\(port)")/\(database)"
    }
}
