/// What every page of the dashboard is sent with.
package enum PageHeaders {
    /// Nothing but our own files, no script or style within a page, no frame around it, and forms only to ourselves: markup that
    /// got in somehow could still not run, load or send anything.
    package static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
        base-uri 'none'; frame-ancestors 'none'
        """

    package static let all: [(name: String, value: String)] = [
        ("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", contentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cache-Control", "no-store"),
    ]
}
