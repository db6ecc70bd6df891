internal import BackupControl
internal import BackupCore
internal import CCurl
internal import Glibc

/// Sends mail by SMTP, with libcurl.
struct MailSender: Sendable {
    private static let connectLimit = 10
    private static let limit = 30
    private static let isReady = curl_global_init(3) == CURLE_OK

    let addresses: AddressGuard

    /// - Parameters:
    ///   - message: headers and body, as ``MailMessage`` makes them.
    ///   - password: nil: without a login.
    /// - Throws: ``DeliveryError``.
    func send(_ message: String, _ email: ChannelRecord.Email, password: Secret?) async throws {
        let address = try await addresses.address(of: email.host)
        try await BlockingThread.run("mail") {
            guard Self.isReady, let handle = curl_easy_init() else {
                throw DeliveryError.unreachable(host: email.host, reason: "libcurl can't be used")
            }
            defer { curl_easy_cleanup(handle) }
            try Self.perform(handle, message, email, password, address: address)
        }
    }

    private static func perform(
        _ handle: UnsafeMutableRawPointer, _ message: String, _ email: ChannelRecord.Email, _ password: Secret?,
        address: String
    ) throws {
        var recipients: UnsafeMutablePointer<curl_slist>?
        for recipient in email.to { recipients = curl_slist_append(recipients, "<\(recipient)>") }
        defer { curl_slist_free_all(recipients) }
        // The address that was looked at, under the name that the certificate must have.
        let pin = "\(email.host):\(email.port):\(address.contains(":") ? "[\(address)]" : address)"
        let pins = curl_slist_append(nil, pin)
        defer { curl_slist_free_all(pins) }
        var authority = Array((email.caCertificate ?? "").utf8)
        let body = Unmanaged.passRetained(Body(Array(message.utf8)))
        defer { body.release() }
        let code = authority.withUnsafeMutableBytes { bytes in
            var blob = curl_blob(data: bytes.baseAddress, len: bytes.count, flags: 0)
            return withUnsafeMutablePointer(to: &blob) { blob in
                let options = Options(handle: handle)
                options.connect(email)
                options.log(in: email.username, password)
                options.set(CURLOPT_RESOLVE, pins)
                options.set(CURLOPT_MAIL_FROM, "<\(email.from)>")
                options.set(CURLOPT_MAIL_RCPT, recipients)
                options.set(CURLOPT_UPLOAD, 1)
                options.set(CURLOPT_CONNECTTIMEOUT, connectLimit)
                options.set(CURLOPT_TIMEOUT, limit)
                if email.caCertificate != nil { options.set(CURLOPT_CAINFO_BLOB, blob) }
                options.read(body.toOpaque())
                return options.failure ?? curl_easy_perform(handle)
            }
        }
        try check(code, status: backup_curl_response_code(handle), email)
    }

    private static func check(_ code: CURLcode, status: Int, _ email: ChannelRecord.Email) throws(DeliveryError) {
        switch code {
        case CURLE_OK: return
        case CURLE_LOGIN_DENIED: throw .loginRefused(host: email.host)
        case CURLE_USE_SSL_FAILED, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            throw .insecure(host: email.host)
        case _ where (400..<600).contains(status): throw .refused(host: email.host, status: status)
        // libcurl's own words: nothing of ours is in them.
        default: throw .unreachable(host: email.host, reason: String(cString: curl_easy_strerror(code)))
        }
    }

    /// What libcurl reads of the message, piece by piece. It is read by the one thread that sends it.
    private final class Body {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func read(_ buffer: UnsafeMutablePointer<CChar>, _ size: Int) -> Int {
            let count = min(size, bytes.count - position)
            bytes[position..<position + count].withUnsafeBytes { piece in
                UnsafeMutableRawBufferPointer(start: buffer, count: size).copyMemory(from: piece)
            }
            position += count
            return count
        }
    }

    /// Settings of one transfer; the first that libcurl refuses counts.
    private final class Options {
        private let handle: UnsafeMutableRawPointer
        private(set) var failure: CURLcode?

        init(handle: UnsafeMutableRawPointer) { self.handle = handle }

        func connect(_ email: ChannelRecord.Email) {
            let host = email.host.contains(":") ? "[\(email.host)]" : email.host
            let scheme = email.security == .tls ? "smtps" : "smtp"
            // The path is what we greet with; our own name is nobody's business.
            set(CURLOPT_URL, "\(scheme)://\(host):\(email.port)/localhost")
            set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
            // 3: TLS or nothing.
            set(CURLOPT_USE_SSL, email.security == .none ? 0 : 3)
            set(CURLOPT_SSLVERSION, 6)
            set(CURLOPT_PROXY, "")
            set(CURLOPT_NOSIGNAL, 1)
        }

        func log(in username: String, _ password: Secret?) {
            guard !username.isEmpty, let password else { return }
            set(CURLOPT_USERNAME, username)
            set(CURLOPT_PASSWORD, password.revealed)
        }

        func read(_ body: UnsafeMutableRawPointer) {
            note(
                backup_curl_set_read(
                    handle,
                    { buffer, size, count, body in
                        guard let buffer, let body else { return 0 }
                        return Unmanaged<Body>.fromOpaque(body).takeUnretainedValue().read(buffer, size * count)
                    }, body))
        }

        func set(_ option: CURLoption, _ value: Int) { note(backup_curl_set_long(handle, option, value)) }
        func set(_ option: CURLoption, _ value: String) { note(backup_curl_set_text(handle, option, value)) }
        func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
            note(backup_curl_set_pointer(handle, option, value))
        }

        private func note(_ code: CURLcode) {
            if code != CURLE_OK, failure == nil { failure = code }
        }
    }
}
