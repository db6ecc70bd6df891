import BackupCore
import BackupTestSupport
import Testing

@testable import BackupAgent

/// What a person writes: the server's address, its pins, the proxy.
@Suite struct SessionAddressTests {
    @Test(arguments: [
        ("https://backups.example.com", "backups.example.com", 443, "/v1/agents/connect"),
        ("WSS://backups.example.com/", "backups.example.com", 443, "/v1/agents/connect"),
        ("https://h:8443/backups", "h", 8443, "/backups/v1/agents/connect"),
        ("https://h/backups//", "h", 443, "/backups/v1/agents/connect"),
        ("wss://h/v1/agents/connect", "h", 443, "/v1/agents/connect"),
        ("wss://h/x/v1/agents/connect/", "h", 443, "/x/v1/agents/connect"),
        ("https://[::1]:9", "::1", 9, "/v1/agents/connect"),
    ])
    func addressesAreTakenApart(_ text: String, _ host: String, _ port: Int, _ path: String) throws {
        let address = try ServerAddress(text)
        #expect(address.host == host && address.port == port && address.path == path && address.isSecure)
    }

    @Test func plainAddressesAreForDevelopmentOnly() throws {
        for text in ["http://h", "ws://h"] {
            #expect(throws: SessionError.insecureAddress(text)) { try ServerAddress(text) }
            let address = try ServerAddress(text, allowsInsecure: true)
            #expect(!address.isSecure && address.port == 80)
        }
    }

    @Test(arguments: [
        "", "backups.example.com", "ftp://h", "https://", "https://h:0", "https://h:99999", "https://h?x=1",
        "https://h#x",
        "https://bkpy_live_secret@h", "https://u:bkpy_live_secret@h", "https://бэкап.рф", "https://a b",
    ])
    func wrongAddressesAreRefusedWithoutShowingAKey(_ text: String) {
        #expect { try ServerAddress(text) } throws: { error in
            (error as? SessionError)?.code == "session.invalid_address" && !"\(error)".contains("secret")
        }
    }

    @Test func aPinIsTheHashOfAPublicKey() throws {
        let pin = try PublicKeyPin("sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
        #expect("\(pin)" == "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
        for text in ["", "sha256/", "sha256/abc", "sha1/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "sha256/AAAA"] {
            #expect(throws: SessionError.invalidPin(text)) { try PublicKeyPin(text) }
        }
    }

    @Test func aFileWithoutCertificatesIsRefused() throws {
        for path in ["/nonexistent", "/dev/null", "/etc/hostname"] {
            #expect { try ServerTrust(certificateAuthorityFile: path) } throws: {
                ($0 as? SessionError)?.code == "session.unreadable_ca"
            }
        }
    }

    @Test(arguments: [
        ("http://proxy:3128", "proxy:3128", nil), ("proxy:3128", "proxy:3128", nil), ("http://[::1]:8", "[::1]:8", nil),
        ("http://u:p%40ss@proxy:3128/", "proxy:3128", "u:p@ss"),
    ])
    func proxiesAreReadAsCurlReadsThem(_ text: String, _ place: String, _ credentials: String?) throws {
        for name in ["HTTPS_PROXY", "https_proxy"] {
            let proxy = try #require(try ProxySettings(environment: [name: text]).proxy)
            #expect(proxy.place == place && proxy.credentials?.revealed == credentials)
            #expect(!"\(proxy)".contains("p@ss"))
        }
    }

    @Test(arguments: ["https://proxy:1", "socks5://proxy:1", "http://", "http://u:secret%@p", "http://u:secret@p:0"])
    func wrongProxiesAreRefusedWithoutShowingAPassword(_ text: String) {
        #expect { try ProxySettings(environment: ["HTTPS_PROXY": text]) } throws: { error in
            (error as? SessionError)?.code == "session.invalid_proxy" && !"\(error)".contains("secret")
        }
    }

    @Test(arguments: [
        ("*", false), ("", true), ("example.com", false), (".example.com", false), ("EXAMPLE.com", false),
        ("ample.com", true), ("other, a.example.com", false), ("a.example.com:8443", false), ("example.com:443", true),
        ("a.example.com.evil", true),
    ])
    func exceptionsAreReadAsCurlReadsThem(_ exceptions: String, _ usesProxy: Bool) throws {
        let settings = try ProxySettings(environment: ["HTTPS_PROXY": "http://p:1", "NO_PROXY": exceptions])
        #expect((settings.proxy(for: try ServerAddress("https://a.example.com:8443")) != nil) == usesProxy)
    }

    @Test(arguments: [
        ("a.example.com", "a.example.com", true), ("A.example.COM.", "a.example.com", true),
        ("*.example.com", "a.example.com", true), ("*.example.com", "a.b.example.com", false),
        ("*.example.com", "example.com", false), ("*.com", "example.com", false), ("*", "localhost", false),
        ("a*.example.com", "ab.example.com", false), ("a.*.com", "a.b.com", false), ("", "a", false),
    ])
    func aCertificatesNameIsTheServers(_ pattern: String, _ host: String, _ matches: Bool) {
        #expect(CertificateName.matches(pattern: pattern, host: host) == matches)
    }
}
