import BackupCore
import BackupTestSupport
import Foundation

/// A mail server that keeps what it gets: aiosmtpd, with STARTTLS and a login where they are asked for.
final class MailPeer: Sendable {
    struct Mail: Decodable {
        let from: String
        let to: [String]
        let subject: String
        let body: String
        let headers: [String]
        let isSecure: Bool
        let user: String?
    }

    enum Mode: String {
        case startTLS = "starttls"
        case tls
        case plain
        /// Takes nobody's mail.
        case refusing
    }

    let port: Int
    private let folder: TemporaryFolder
    private let process: TestProcess

    /// - Parameter certificate: of the shared authority.
    init(_ mode: Mode, certificate: TestAuthority.Certificate = .right, password: String? = nil) async throws {
        folder = try TemporaryFolder()
        port = try FreePort.next()
        let authority = try TestAuthority.shared.get()
        process = try TestProcess(
            TestTools.path("python3"),
            [
                "-c", Self.script, "\(port)", folder("mails"), mode.rawValue, authority.certificate(certificate),
                authority.key(certificate), password ?? "",
            ], log: folder("log"))
        try await process.waitForPort(port)
    }

    var mails: [Mail] {
        get throws {
            guard let text = try? String(contentsOfFile: folder("mails"), encoding: .utf8) else { return [] }
            return try text.split(separator: "\n").map { try JSONDecoder().decode(Mail.self, from: Data($0.utf8)) }
        }
    }

    private static let script = """
        import asyncio, email, email.policy, json, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult
        port, path, mode, chain, key, password = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        class Keep:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if mode == "refusing": return "550 nobody is here"
                envelope.rcpt_tos.append(address)
                return "250 OK"
            async def handle_DATA(self, server, session, envelope):
                message = email.message_from_bytes(envelope.content, policy=email.policy.default)
                mail = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": message["Subject"],
                        "body": message.get_content().replace("\\r\\n", "\\n"), "headers": list(message.keys()),
                        "isSecure": session.ssl is not None or mode == "tls", "user": session.auth_data}
                with open(path, "a") as file: file.write(json.dumps(mail) + "\\n")
                return "250 taken"
        def check(server, session, envelope, mechanism, data):
            good = data.login == b"ops" and data.password == password.encode()
            return AuthResult(success=good, handled=False, auth_data="ops" if good else None)
        def make():
            return SMTP(Keep(), hostname="mail.test", tls_context=context if mode == "starttls" else None,
                        require_starttls=mode == "starttls", authenticator=check, auth_required=bool(password),
                        auth_require_tls=mode != "tls")
        async def main():
            server = await asyncio.get_running_loop().create_server(
                make, "127.0.0.1", int(port), ssl=context if mode == "tls" else None)
            await server.serve_forever()
        asyncio.run(main())
        """
}
