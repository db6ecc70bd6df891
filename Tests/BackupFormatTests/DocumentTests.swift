import BackupCore
import BackupFormat
import BackupTestSupport
import Foundation
import Testing

@Suite struct ManifestTests {
    let key = DataKey.random()

    private func manifest() throws -> Manifest {
        Manifest(
            id: "20260131-235959-k3v9qz", created: try #require(UTCTime(rfc3339: "2026-01-31T23:59:59Z")),
            source: .init(host: "db.example", database: "a/b \"c\" ü"), scope: .database, engine: .postgresql,
            engineVersion: "PostgreSQL 16.2",
            toolVersion: nil, compression: .zstd, format: .v2, object: "20260131-235959-k3v9qz.dump.zst.backupy",
            storedSize: 12,
            storedSHA256: String(repeating: "ab", count: 32), dumpSize: 34, recipients: ["age1x"])
    }

    @Test func itComesBackAndIsProven() throws {
        let sealed = try manifest().sealed(with: key, fingerprint: nil)
        let read = try Manifest.decode(sealed.encoded())
        #expect(read == sealed)
        #expect(read.isAuthentic(under: key))
        #expect(!read.isAuthentic(under: .random()))
        #expect(try !Manifest.decode(manifest().encoded()).isAuthentic(under: key))
    }

    @Test(arguments: [
        ("stored_size", "12", "13"), ("dump_size", "34", "35"), ("engine_version", "16.2", "15.2"),
        ("host", "db.example", "db2.example"),
        ("stored_sha256", "abab", "baba"), ("compression", "zstd", "gzip"),
    ])
    func everyChangeIsCaught(_ name: String, _ old: String, _ new: String) throws {
        let text = String(decoding: try manifest().sealed(with: key, fingerprint: nil).encoded(), as: UTF8.self)
        let lines = text.split(separator: "\n").map {
            $0.contains("\"\(name)\"") ? $0.replacing(old, with: new, maxReplacements: 1) : $0
        }
        #expect(lines.joined(separator: "\n") + "\n" != text)
        #expect(try !Manifest.decode(Array(lines.joined(separator: "\n").utf8)).isAuthentic(under: key))
    }

    @Test func whatTheDatabaseHeldIsForHoldersOfTheKey() throws {
        let tables = [Fingerprint.Table(name: "public.patients", rows: 7)]
        let fingerprint = Fingerprint(
            moment: .dump, engineVersion: "PostgreSQL 16.2",
            databases: [.init(name: "app", schemaDigest: "ab", tables: tables)])
        let sealed = try Manifest.decode(manifest().sealed(with: key, fingerprint: fingerprint).encoded())
        #expect(try sealed.fingerprint(with: key) == fingerprint)
        #expect(try sealed.fingerprint(with: nil) == nil)
        #expect(throws: FormatError.self) { try sealed.fingerprint(with: .random()) }
        #expect(try !String(decoding: sealed.encoded(), as: UTF8.self).contains("patients"))
        let clear = try Manifest.decode(manifest().sealed(with: nil, fingerprint: fingerprint).encoded())
        #expect(try clear.fingerprint(with: nil) == fingerprint)
    }

    @Test func aFingerprintOfVeryManyTablesFits() throws {
        let tables = (0..<100_000).map {
            Fingerprint.Table(name: String(repeating: "t", count: 130) + "\($0)", rows: 1)
        }
        for count in [Fingerprint.listedTables, 100_000] {
            let database = Fingerprint.Database(name: "app", schemaDigest: nil, tables: Array(tables.prefix(count)))
            let fingerprint = Fingerprint(moment: .dump, engineVersion: "x", databases: [database])
            let sealed = try manifest().sealed(with: key, fingerprint: fingerprint)
            #expect(try sealed.encoded().count < Manifest.largestSize)
            #expect(try sealed.fingerprint(with: key)?.databases.first?.rowCount == UInt64(count))
        }
    }

    @Test(arguments: ["", "{", "[]", "null", "{}", #"{"version": 2}"#, String(repeating: "[", count: 100_000)])
    func textThatIsNone(_ text: String) { #expect(throws: FormatError.self) { try Manifest.decode(Array(text.utf8)) } }
}

@Suite struct TokenTests {
    static let now = Date(timeIntervalSince1970: 1_770_000_000)

    private func token(_ changes: [String: Any?] = [:], header: [String: Any] = ["alg": "HS256", "typ": "JWT"]) throws
        -> String
    {
        var claims: [String: Any] = [
            "iss": "backupy-server", "aud": "backupy-decrypt", "sub": "user", "iat": 1_769_999_900,
            "exp": 1_770_000_800,
            "run_id": "r1", "company_id": "c1", "dek": Data(repeating: 7, count: 32).base64EncodedString(),
            "alg": "AES-256-GCM",
            "format_version": 1, "sha256": "",
        ]
        for (name, value) in changes { claims[name] = value }
        return try [header, claims].map { try JSONSerialization.data(withJSONObject: $0) }.map(Self.base64URL).joined(
            separator: ".") + ".c2ln"
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    @Test func aGoodOne() throws {
        let read = try DecryptionToken(token(), now: Self.now)
        #expect(read.runID == "r1" && read.formatVersion == 1 && read.sha256 == nil)
        let hash = String(repeating: "AB", count: 32)
        #expect(try DecryptionToken(token(["sha256": hash]), now: Self.now).sha256 == hash.lowercased())
        #expect(try DecryptionToken(token(["aud": ["x", "backupy-decrypt"]]), now: Self.now).runID == "r1")
    }

    @Test func anExpiredOne() throws {
        let text = try token()
        #expect(throws: FormatError.expiredToken) { try DecryptionToken(text, now: Self.now + 801) }
    }

    @Test func whatIsRefused() throws {
        let changes: [[String: Any?]] = [
            ["iss": "someone"], ["aud": "backupy"], ["alg": "none"], ["format_version": 3], ["format_version": 0],
            ["dek": "AAAA"],
            ["dek": nil], ["sha256": "zz"], ["sha256": nil], ["run_id": nil], ["exp": nil], ["exp": "soon"],
        ]
        for change in changes {
            let text = try token(change)
            #expect(throws: FormatError.self, "\(change)") { try DecryptionToken(text, now: Self.now) }
        }
        let unsigned = try token(header: ["alg": "none"])
        for text in ["", "a.b", "a.b.c", unsigned, String(repeating: "a", count: 20_000)] {
            #expect(throws: FormatError.self) { try DecryptionToken(text, now: Self.now) }
        }
    }
}
