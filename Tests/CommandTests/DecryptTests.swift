import BackupCore
import BackupFormat
import BackupTestSupport
import Foundation
import Testing

@Suite struct DecryptTests {
    let folder: TemporaryFolder
    let identity = X25519Identity.random()
    let plaintext = Array(String(repeating: "all work and no play ", count: 200_000).utf8)

    init() throws {
        folder = try TemporaryFolder()
        try AgeKeyFile.text(of: identity, created: Date()).write(
            toFile: folder("key"), atomically: true, encoding: .utf8)
    }

    private func pass(_ bytes: [UInt8], through transform: any ByteTransform) throws -> [UInt8] {
        var transform = transform
        var output: [UInt8] = []
        var writer = BlockWriter { block in block.withBytes { output.append(contentsOf: $0) } }
        try bytes.withUnsafeBytes { try transform.update($0, into: &writer) }
        try transform.finish(into: &writer)
        try writer.flush()
        return output
    }

    private func object(_ compression: Compression) throws -> [UInt8] {
        let key = DataKey.random()
        let backup = BackupIdentity(
            run: "20260131-235959-k3v9qz", job: nil, engine: "sqlite", engineVersion: "SQLite 3",
            compression: compression,
            created: UTCTime(Date()))
        let header = try V2Header(identity: backup, key: key, recipients: [identity.recipient])
        return try pass(
            pass(plaintext, through: compression.makeCompressor()), through: V2Sealer(header: header, key: key))
    }

    private func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: folder(name)))
        return folder(name)
    }

    private func token(_ key: [UInt8], format: Int, hash: String, expires: Double = 600) -> String {
        let claims: [String: Any] = [
            "iss": "backupy-server", "aud": "backupy-decrypt", "sub": "u", "iat": Date().timeIntervalSince1970,
            "exp": Date().timeIntervalSince1970 + expires, "run_id": "r", "company_id": "c", "alg": "AES-256-GCM",
            "dek": Data(key).base64EncodedString(), "format_version": format, "sha256": hash,
        ]
        return [["alg": "HS256"], claims].map { value in
            let json = (try? JSONSerialization.data(withJSONObject: value)) ?? Data()
            return json.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=", with: "")
        }
        .joined(separator: ".") + ".c2ln"
    }

    @Test(arguments: Compression.allCases)
    func v2(_ compression: Compression) throws {
        let file = try write(object(compression), "in")
        let outcome = try Commands.decrypt(["--identity", folder("key"), "--in", file, "--out", folder("out")])
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(FileManager.default.contents(atPath: folder("out")) == Data(plaintext))
        let mode = try FileManager.default.attributesOfItem(atPath: folder("out"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        // Never over what is there.
        #expect(try Commands.decrypt(["--identity", folder("key"), "--in", file, "--out", folder("out")]).status == 1)
        let streamed = try Commands.decrypt(["--identity", folder("key"), "--in", file, "--out", "-", "--quiet"])
        #expect(streamed.output == String(decoding: plaintext, as: UTF8.self) && streamed.errors.isEmpty)
        #expect(
            try Commands.decrypt([
                "--identity", folder("key"), "--in", file, "--out", folder("raw"), "--skip-decompress",
            ]).status == 0)
        #expect(
            try FileManager.default.contents(atPath: folder("raw"))
                == Data(pass(plaintext, through: compression.makeCompressor())))
    }

    @Test func v1WithATokenAndItsHash() throws {
        let key = StoreBytes.noise(32)
        let sealed = try pass(
            pass(plaintext, through: Compression.zstd.makeCompressor()), through: V1Sealer(key: #require(DataKey(key))))
        let file = try write(sealed, "in")
        var hash = StreamHash()
        sealed.withUnsafeBytes { hash.update($0) }
        try token(key, format: 1, hash: hash.hex).write(toFile: folder("token"), atomically: true, encoding: .utf8)
        #expect(
            try Commands.decrypt(["--token-file", folder("token"), "--in", file, "--out", folder("out")]).status == 0)
        #expect(FileManager.default.contents(atPath: folder("out")) == Data(plaintext))

        let wrong = token(key, format: 1, hash: String(repeating: "00", count: 32))
        let refused = try Commands.decrypt(["--token", wrong, "--in", file, "--out", folder("other")])
        #expect(refused.status == 1 && refused.errors.contains("download it again"))
        for (number, form) in [["--verify-sha256", "false"], ["--verify-sha256=false"]].enumerated() {
            let blind = try Commands.decrypt(
                ["--token", wrong, "--in", file, "--out", folder("blind\(number)")] + form)
            #expect(blind.status == 0 && blind.errors.contains("warning: "))
        }
        for form in [["--verify-sha256"], ["--verify-sha256", "true"], ["--verify-sha256=true"]] {
            let checked = try Commands.decrypt(form + ["--token", wrong, "--in", file, "--out", folder("other")])
            #expect(checked.status == 1 && checked.errors.contains("download it again"), "\(form): \(checked)")
        }
        // Only a written "false" leaves it out.
        #expect(
            try Commands.decrypt(["--verify-sha256=maybe", "--token", wrong, "--in", file, "--out", "-"]).status != 0)
        let expired = try Commands.decrypt([
            "--token", token(key, format: 1, hash: "", expires: -1), "--in", file, "--out", folder("other"),
        ])
        #expect(expired.status == 1 && expired.errors.contains("new one"))
        #expect(folder.files().sorted() == ["blind0", "blind1", "in", "key", "out", "token"])
    }

    @Test func afterAFailureNothingIsThere() throws {
        let good = try object(.zstd)
        var flipped = good
        flipped[good.count - 100] ^= 1
        let cases = [
            (flipped, "use another one"), (Array(good.dropLast(20)), "use another one"),
            (good + [0], "use another one"), ([], "check that this is"),
            (Array(good.prefix(300)), "resume the download"),
        ]
        for (number, (bytes, hint)) in cases.enumerated() {
            let file = try write(bytes, "in\(number)")
            let outcome = try Commands.decrypt(["--identity", folder("key"), "--in", file, "--out", folder("out")])
            #expect(
                outcome.status == 1 && outcome.errors.hasPrefix("error: ") && outcome.errors.contains(hint),
                "\(outcome.errors)")
            #expect(!folder.files().contains { $0.contains("out") })
            #expect(try Commands.decrypt(["--identity", folder("key"), "--in", file, "--out", "-"]).status == 1)
        }
        let stranger = try Commands.backupy(["keygen", "-o", folder("stranger")])
        #expect(stranger.status == 0)
        let file = try write(good, "good")
        #expect(
            try Commands.decrypt(["--identity", folder("stranger"), "--in", file, "--out", folder("out")]).status == 1)
        for wrong in [[], ["--in", file], ["--identity", folder("key"), "--token", "x", "--in", file, "--out", "-"]] {
            #expect(try Commands.decrypt(wrong).status == 2)
        }
    }

    @Test func itOpensNoSocket() throws {
        let file = try write(object(.zstd), "in")
        let outcome = try TestProcess.run(
            "/usr/bin/strace",
            [
                "-f", "-e", "trace=%network", "-o", folder("trace"), TestTools.product("backupy-decrypt"), "--identity",
                folder("key"),
                "--in", file, "--out", folder("out"),
            ])
        #expect(outcome.status == 0)
        let trace = String(decoding: FileManager.default.contents(atPath: folder("trace")) ?? Data(), as: UTF8.self)
        #expect(trace.contains("+++ exited with 0 +++"), "it was traced")
        #expect(!trace.contains("socket") && !trace.contains("connect"), "\(trace)")
    }

    /// The reader in Python that docs/ gives to whoever must recover without us.
    @Test func thePageInPythonReadsTheSame() throws {
        let file = try write(object(.zstd), "in")
        let script = TestTools.packageRoot + "/docs/recover/recover.py"
        let outcome = try TestProcess.run(
            TestTools.path("python"), [script, "--decompress", "--identity", folder("key"), file, folder("out")],
            environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(FileManager.default.contents(atPath: folder("out")) == Data(plaintext))
    }
}
