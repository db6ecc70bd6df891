internal import BackupCore
internal import CMongo

/// Which MongoDB deployment, and what of it: MongoDB's own connection strings.
struct MongoTarget: Sendable {
    /// With the password, if it has one.
    let text: Secret
    /// nil for all of the server.
    let database: String?
    let host: String
    let password: Secret?

    /// - Parameter text: `mongodb://…` or `mongodb+srv://…`.
    /// - Throws: ``DriverError/invalidURL(reason:)``, which never quotes the text: there may be a password in it;
    ///   ``DriverError/libraryNotLoaded(_:reason:)``.
    init(_ text: String, place: any ToolPlace) throws(DriverError) {
        let mongo = try MongoLibrary.functions()
        guard !text.utf8.contains(0), let uri = mongo.uri_new(text) else {
            throw .invalidURL(reason: "it is no MongoDB connection string; special characters are written as %XX")
        }
        defer { mongo.uri_destroy(uri) }
        self.text = Secret(text)
        database = mongo.uri_get_database(uri).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        password = mongo.uri_get_password(uri).map { Secret(String(cString: $0)) }
        let name = mongo.uri_get_hosts(uri).map { hosts in
            withUnsafeBytes(of: hosts.pointee.host) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        // Inside of a container, every server is called localhost.
        host = place.sharesFiles ? name.map { $0.hasPrefix("/") ? LocalHost.name : $0 } ?? "mongodb" : place.host
    }

    var name: String { database ?? "all-databases" }

    /// The connection string without its database, which for the tools would limit what they do. It is also where a user is
    /// looked up, unless that is said.
    var serverText: Secret {
        // Over bytes: a slash before a combining mark is one.
        let bytes = text.revealed.utf8
        guard let database, let start = bytes.firstRange(of: "://".utf8),
            let slash = bytes[start.upperBound...].firstIndex(of: UInt8(ascii: "/"))
        else { return text }
        let query = bytes[slash...].firstIndex(of: UInt8(ascii: "?")).map { bytes[bytes.index(after: $0)...] }
        var options = (query ?? bytes[bytes.endIndex...]).split(separator: UInt8(ascii: "&")).map {
            String(Substring($0))
        }
        let hasSource = options.contains { $0.lowercased().hasPrefix("authsource=") }
        if password != nil, !hasSource { options.append("authSource=\(Self.encoded(database))") }
        let server = String(Substring(bytes[..<slash]))
        return Secret(server + "/" + (options.isEmpty ? "" : "?" + options.joined(separator: "&")))
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || "-_.".contains(character) {
                return String(character)
            }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
