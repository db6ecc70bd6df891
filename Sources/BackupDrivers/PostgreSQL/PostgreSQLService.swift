internal import BackupCore
internal import CPostgreSQL
internal import Glibc

/// What libpq finds for connection parameters with a service (`pg_service.conf`), whose text names neither database nor
/// host.
///
/// Source: PostgreSQL's documentation, chapter "The Connection Service File".
enum PostgreSQLService {
    /// The parameters that have a value, those of libpq's environment variables among them. Nothing is connected to.
    /// - Throws: ``DriverError/invalidURL(reason:)`` for a service that is not there.
    static func expanded(_ parameters: [String: String], service: String) throws(DriverError) -> [String: String] {
        // libpq expands services when it begins to connect, and at no other time. More ports than hosts stop it before it
        // looks up a name or opens a socket.
        let ports = String(repeating: ",", count: 4096)
        let all = parameters.merging(["service": service, "port": ports]) { $1 }
        var keywords = all.map { strdup($0.key).map { UnsafePointer<CChar>($0) } } + [nil]
        var values = all.map { strdup($0.value).map { UnsafePointer<CChar>($0) } } + [nil]
        defer {
            for pointer in keywords + values { free(UnsafeMutableRawPointer(mutating: pointer)) }
        }
        guard let connection = PQconnectStartParams(&keywords, &values, 0) else {
            throw .invalidURL(reason: "not enough memory")
        }
        defer { PQfinish(connection) }
        guard let options = PQconninfo(connection) else { throw .invalidURL(reason: "not enough memory") }
        defer { PQconninfoFree(options) }
        let found = PostgreSQLTarget.values(of: options).mapValues(\.value)
        // With an error before that, libpq keeps none of them.
        guard found["port"] != nil else {
            let words = PQerrorMessage(connection).map { String(cString: $0) } ?? "its service is not there"
            throw .invalidURL(reason: LastWords.sentence(words))
        }
        return found
    }
}
