internal import Foundation

/// A real Redis or Valkey server of a test's own, on a free port and a socket.
package final class RedisServer: Sendable {
    package enum Flavour: String, Sendable, CaseIterable {
        case redis
        case valkey
    }

    package let port: Int
    package let folder: TemporaryFolder
    private let process: TestProcess
    private let password: String?
    private let isTLS: Bool

    /// - Parameters:
    ///   - settings: lines of a configuration file.
    ///   - rdb: a file to start from.
    package init(
        _ flavour: Flavour = .redis, password: String? = nil, tls: Bool = false, settings: [String] = [],
        rdb: String? = nil
    ) async throws {
        folder = try TemporaryFolder()
        port = try FreePort.next()
        self.password = password
        isTLS = tls
        if let rdb { try FileManager.default.copyItem(atPath: rdb, toPath: folder("dump.rdb")) }
        var lines = [
            "bind 127.0.0.1", "dir \(folder.path)", "unixsocket \(folder("socket"))", "repl-diskless-sync-delay 0",
            "appendonly no", "save \"\"", "enable-debug-command yes",
        ]
        if let password { lines.append("requirepass \(Self.quoted(password))") }
        if tls {
            try Self.makeCertificates(in: folder)
            lines += [
                "port 0", "tls-port \(port)", "tls-ca-cert-file \(folder("ca.pem"))",
                "tls-cert-file \(folder("cert.pem"))",
                "tls-key-file \(folder("key.pem"))", "tls-auth-clients no",
            ]
        } else {
            lines.append("port \(port)")
        }
        let text = (lines + settings).joined(separator: "\n") + "\n"
        _ = FileManager.default.createFile(atPath: folder("conf"), contents: Data(text.utf8))
        process = try TestProcess(try Self.program(flavour), [folder("conf")], in: folder.path, log: folder("log"))
        try await process.waitForPort(port)
        try await eventually("the server has loaded its data") { try command(["PING"]).contains("PONG") }
    }

    package func stop() { process.stop() }

    package func url(user: String = "", password: String? = nil, scheme: String? = nil, parameters: String = "")
        -> String
    {
        let encode = { (text: String) in text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text }
        let secret = password ?? self.password ?? ""
        let login = user.isEmpty && secret.isEmpty ? "" : "\(encode(user)):\(encode(secret))@"
        return "\(scheme ?? (isTLS ? "rediss" : "redis"))://\(login)127.0.0.1:\(port)\(parameters)"
    }

    /// What redis-cli prints for a command, through the socket.
    @discardableResult
    package func command(_ arguments: [String], database: Int = 0) throws -> String {
        try run(["-n", "\(database)"] + arguments)
    }

    /// Runs many commands, a line each, as redis-cli reads them.
    @discardableResult
    package func commands(_ text: String, database: Int = 0) throws -> String {
        try run(["-n", "\(database)"], input: text)
    }

    /// Everything there is, as text: for each key its type's own serialisation, and when it expires.
    package func contents() throws -> String {
        let script = """
            local all = {}
            for number = 0, 15 do
              redis.call('SELECT', number)
              local keys = redis.call('KEYS', '*')
              table.sort(keys)
              for _, key in ipairs(keys) do
                local kind = redis.call('TYPE', key).ok
                -- The last ten bytes are the version and a checksum.
                local value = string.sub(redis.call('DUMP', key), 1, -11)
                if kind == 'set' or kind == 'hash' then
                  -- In a table of their own, members are in no order.
                  local members = {}
                  local flat = redis.call(kind == 'set' and 'SMEMBERS' or 'HGETALL', key)
                  local step = kind == 'set' and 1 or 2
                  for n = 1, #flat, step do
                    members[#members + 1] = #flat[n] .. ':' .. flat[n] .. '=' .. (step == 2 and flat[n + 1] or '')
                  end
                  table.sort(members)
                  value = table.concat(members, ',')
                end
                table.insert(all, number .. ' ' .. redis.sha1hex(key) .. ' ' .. kind .. ' ' .. redis.sha1hex(value)
                  .. ' ' .. redis.call('PEXPIRETIME', key))
              end
            end
            return table.concat(all, '\\n')
            """
        return try run(["EVAL", script, "0"]) + "\n" + run(["FUNCTION", "LIST", "WITHCODE"])
    }

    private func run(_ arguments: [String], input: String? = nil) throws -> String {
        let outcome = try TestProcess.run(
            "/usr/bin/redis-cli", ["-s", folder("socket"), "--no-auth-warning"] + arguments,
            environment: ["REDISCLI_AUTH": password ?? ""], input: input)
        guard outcome.status == 0 else { throw TestFailure("redis-cli: \(outcome.errors)") }
        return outcome.output
    }

    private static func program(_ flavour: Flavour) throws -> String {
        guard flavour == .valkey else { return "/usr/bin/redis-server" }
        let root = try TestTools.path("python").replacing("/bin/python", with: "/lib")
        let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        guard let found = files.first(where: { $0.hasSuffix("/valkey-server") }) else {
            throw TestFailure("no valkey-server below \(root): script/setup installs it")
        }
        return "\(root)/\(found)"
    }

    /// As redis.conf takes it.
    private static func quoted(_ text: String) -> String {
        "\""
            + text.utf8.map { byte in
                (0x20..<0x7f).contains(byte) && byte != 0x22 && byte != 0x5c
                    ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined() + "\""
    }

    private static func makeCertificates(in folder: TemporaryFolder) throws {
        let script = """
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=CA -keyout ca.key -out ca.pem
            openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out x.csr
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > ext
            openssl x509 -req -in x.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out cert.pem
            """
        let outcome = try TestProcess.run("/bin/sh", ["-euc", script], in: folder.path)
        guard outcome.status == 0 else { throw TestFailure("openssl: \(outcome.errors)") }
    }
}
