internal import Foundation

/// A server that speaks MongoDB's protocol (SecantusDB: there is no mongod for tests), with users; `owner` may do all.
package final class MongoServer: Sendable {
    package static let password = "s3cret'pass \"word#%"

    package let port: Int
    package let folder: TemporaryFolder
    private let process: TestProcess

    package init() async throws {
        folder = try TemporaryFolder()
        port = try FreePort.next()
        let program = try TestTools.path("secantusd-py")
        let arguments = ["--host", "127.0.0.1", "--port", "\(port)", "--storage-path", folder("data")]
        // Users are made while everyone may do everything.
        let open = try TestProcess(program, arguments, in: folder.path, log: folder("log"))
        try await open.waitForPort(port)
        _ = try Self.python(
            """
            import pymongo, sys
            c = pymongo.MongoClient('127.0.0.1', int(sys.argv[1]))
            c.admin.command('createUser', 'owner', pwd=sys.argv[2], roles=['root'])
            """, ["\(port)", Self.password])
        open.stop()
        process = try TestProcess(program, arguments + ["--auth"], in: folder.path, log: folder("log"))
        try await process.waitForPort(port)
    }

    /// With the password inside; without a database, for all of the server.
    package func url(_ database: String = "", user: String = "owner", password: String = MongoServer.password) -> String
    {
        let encode = { (text: String) in text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text }
        return "mongodb://\(encode(user)):\(encode(password))@127.0.0.1:\(port)/\(encode(database))?authSource=admin"
    }

    /// Runs Python with `c`, a client of pymongo, and the module `bson`; returns what it prints.
    @discardableResult
    package func run(_ script: String, _ arguments: [String] = []) throws -> String {
        try Self.python(
            "import pymongo, bson, sys\nc = pymongo.MongoClient(sys.argv.pop(1))\n" + script, [url()] + arguments)
    }

    /// Everything of a database as text: collections with their options and indexes, and the bytes of every document.
    package func contents(_ database: String) throws -> String {
        try run(
            """
            from bson.raw_bson import RawBSONDocument
            from bson.codec_options import CodecOptions
            d = c[sys.argv[1]]
            for entry in sorted(d.list_collections(), key=lambda e: e['name']):
                print(entry['name'], entry.get('type'), sorted(entry.get('options', {}).items()))
                if entry.get('type') == 'view': continue
                for index in sorted(d[entry['name']].list_indexes(), key=lambda i: i['name']):
                    print(' ', sorted((k, str(v)) for k, v in index.items() if k != 'ns'))
                for document in d.get_collection(entry['name'], codec_options=CodecOptions(document_class=RawBSONDocument)).find():
                    print(' ', document.raw.hex())
            """, [database])
    }

    /// A PATH with mongodump and mongorestore: the real ones, or stand-ins made from `script`.
    package static func toolsPath(standIn script: String, in folder: TemporaryFolder) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let isThere = path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/mongodump")
        }
        if isThere { return path }
        let text = "#!\(try TestTools.path("python"))\n" + (try String(contentsOfFile: script, encoding: .utf8))
        for name in ["mongodump", "mongorestore"] {
            _ = FileManager.default.createFile(
                atPath: folder(name), contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
        }
        return folder.path + ":" + path
    }

    private static func python(_ script: String, _ arguments: [String]) throws -> String {
        let outcome = try TestProcess.run(try TestTools.path("python"), ["-c", script] + arguments)
        guard outcome.status == 0 else { throw TestFailure("python: \(outcome.errors.suffix(2000))") }
        return outcome.output
    }
}
