/// How patiently a store's server is talked to, and who must have signed its certificate.
package struct TransportSettings: Sendable {
    /// A PEM file of certificate authorities, instead of the system's.
    package var caFile: String?
    /// A PEM file of authorities that are trusted besides: a control plane's own, whose store may have any.
    package var additionalCAFile: String?
    package var proxy: TransportProxy?
    package var retries = RetryPolicy()
    /// How long a connection may be silent, and how long making one may take.
    package var stallTimeout = Duration.seconds(60)
    package var connectTimeout = Duration.seconds(10)

    package init() {}
}
