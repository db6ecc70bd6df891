internal import HTTPTypes

/// What every answer tells a browser.
enum SecurityHeaders {
    private static let fixed: [(String, String)] = [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Cache-Control", "no-store"),
    ]

    /// Those that an answer has already stay as they are.
    static func add(to headers: inout HTTPFields, isSecure: Bool) {
        let all = fixed + (isSecure ? [("Strict-Transport-Security", "max-age=31536000")] : [])
        for (text, value) in all {
            guard let name = HTTPField.Name(text), headers[name] == nil else { continue }
            headers[name] = value
        }
    }
}
