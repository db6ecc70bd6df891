internal import BackupCore
internal import FoundationEssentials
internal import GRDB

/// A transaction of SQLite's.
struct SQLiteConnection: SQLConnection {
    let dialect = SQLDialect.sqlite
    let database: Database
    /// The file, for messages.
    let place: String
    let indexes: ColumnIndexes
    let course = Course()

    /// What has happened so far.
    final class Course {
        /// What is to be told after the commit.
        var topics: [String] = []
        /// Whether a statement has failed. PostgreSQL commits nothing then, and so do we.
        var hasFailed = false
    }

    func wake(_ topic: String) throws { if !course.topics.contains(topic) { course.topics.append(topic) } }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        do { return try answer(sql, arguments) } catch { throw failure(error) }
    }

    private func answer(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: Self.arguments(arguments))
        var rows: [SQLRow] = []
        var columns: [String: Int]?
        while let row = try cursor.next() {
            let known = columns ?? indexes.columns(of: sql, named: statement.columnNames)
            columns = known
            rows.append(SQLRow(columns: known, values: row.databaseValues.map(Self.value)))
        }
        return rows
    }

    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        do {
            try database.cachedStatement(sql: sql).execute(arguments: Self.arguments(arguments))
        } catch {
            throw failure(error)
        }
        return database.changesCount
    }

    func script(_ sql: String) throws {
        do { try database.execute(sql: sql) } catch { throw failure(error) }
    }

    private func failure(_ error: any Error) -> any Error {
        course.hasFailed = true
        return SQLiteFailure.of(error, place)
    }

    private static func arguments(_ values: [SQLValue]) -> StatementArguments {
        // Optionals, for those take GRDB's quicker way.
        StatementArguments(
            values.map { value -> (any DatabaseValueConvertible)? in
                switch value {
                case .null: nil
                case .integer(let integer): integer
                case .real(let real): real
                case .text(let text): text
                case .bytes(let bytes): Data(bytes)
                }
            })
    }

    private static func value(_ value: DatabaseValue) -> SQLValue {
        switch value.storage {
        case .null: .null
        case .int64(let integer): .integer(integer)
        case .double(let real): .real(real)
        case .string(let text): .text(text)
        case .blob(let data): .bytes(Array(data))
        }
    }
}
