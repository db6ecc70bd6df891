internal import BackupCore

/// What the server answers, as far as it matters here.
private enum MongoAnswer {
    struct Version: Decodable { let version: String }
    struct Databases: Decodable {
        struct Entry: Decodable { let name: String }
        let databases: [Entry]
    }
    struct Collections: Decodable {
        struct Entry: Decodable {
            let name: String
            let type: String?
        }
        struct Cursor: Decodable {
            let id: MongoNumber
            let firstBatch: [Entry]?
            let nextBatch: [Entry]?
        }
        let cursor: Cursor
    }
    struct Count: Decodable {
        struct Entry: Decodable { let n: MongoNumber }
        struct Cursor: Decodable { let firstBatch: [Entry] }
        let cursor: Cursor
    }
    struct Cursor: Decodable {}
    struct Hello: Decodable { let setName: String? }
}

extension MongoSession {
    /// `7.0.5`
    func version() throws -> String { try (run(#"{"buildInfo": 1}"#, in: "admin") as MongoAnswer.Version).version }

    /// Whether there is an oplog that this user may read: with it, a dump is one moment.
    func hasOplog() throws -> Bool {
        guard try (run(#"{"hello": 1}"#, in: "admin") as MongoAnswer.Hello).setName != nil else { return false }
        do {
            let _: MongoAnswer.Cursor = try run(#"{"find": "oplog.rs", "limit": 1, "singleBatch": true}"#, in: "local")
            return true
        } catch DriverError.authenticationFailed, DriverError.queryFailed {
            return false
        }
    }

    /// The databases that aren't the server's own.
    func databases() throws -> [String] {
        let answer: MongoAnswer.Databases = try run(#"{"listDatabases": 1}"#, in: "admin")
        return answer.databases.map(\.name).filter { !["admin", "config", "local"].contains($0) }.sorted()
    }

    /// Collections whose documents a dump counts: no views, no time series, and not the server's.
    func countedCollections(of database: String) throws -> [String] {
        try collections(of: database).filter { $0.type != "timeseries" }.map(\.name).sorted()
    }

    /// Collections with data: no views, and not the server's.
    private func collections(of database: String) throws -> [MongoAnswer.Collections.Entry] {
        var answer: MongoAnswer.Collections = try run(
            #"{"listCollections": 1, "cursor": {"batchSize": 1000}}"#, in: database)
        var entries = answer.cursor.firstBatch ?? []
        while answer.cursor.id.value != 0 {
            answer = try run(
                #"{"getMore": {"$numberLong": "\#(answer.cursor.id.value)"}, "collection": "$cmd.listCollections"}"#,
                in: database)
            entries += answer.cursor.nextBatch ?? []
        }
        return entries.filter { $0.type != "view" && !$0.name.hasPrefix("system.") }
    }

    /// Counted, not taken from statistics.
    func count(_ collection: String, in database: String) throws -> UInt64 {
        let answer: MongoAnswer.Count = try run(
            """
            {"aggregate": \(MongoTools.quoted(collection)), "pipeline": [{"$group": {"_id": 1, "n": {"$sum": 1}}}], "cursor": {}}
            """, in: database)
        return UInt64(clamping: answer.cursor.firstBatch.first?.n.value ?? 0)
    }

    /// - Parameter database: nil for all that aren't the server's own.
    func isEmpty(_ database: String?) throws -> Bool {
        try (database.map { [$0] } ?? databases()).allSatisfy { try collections(of: $0).isEmpty }
    }

    func fingerprint(of database: String?) throws -> Fingerprint {
        let contents = try (database.map { [$0] } ?? databases()).map { name in
            Fingerprint.Database(
                name: name, schemaDigest: nil,
                tables: try countedCollections(of: name).map { .init(name: $0, rows: try count($0, in: name)) })
        }
        return Fingerprint(moment: .separate, engineVersion: "MongoDB \(try version())", databases: contents)
    }
}
