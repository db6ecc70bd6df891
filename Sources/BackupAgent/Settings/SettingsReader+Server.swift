internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// The server, and how the agent and the server know each other.
extension SettingsReader {
    mutating func serverURL(allowsInsecure: Bool) -> String {
        let name = "BACKUPY_SERVER_URL"
        let example = "https://backups.example.com"
        guard let text = text(name) else { return "https://api.backupy.ru" }
        guard let match = text.wholeMatch(of: /([A-Za-z]+):\/\/([^\/?#\s]+)([^\s]*)/),
            ["https", "wss", "http", "ws"].contains(match.1.lowercased())
        else {
            report(name, "is not an https:// or wss:// address", example: example)
            return ""
        }
        if ["http", "ws"].contains(match.1.lowercased()), !allowsInsecure {
            report(
                name, "is not encrypted, which only BACKUPY_DEV_ALLOW_INSECURE=true allows, for development",
                example: example)
        } else if match.2.contains("@") {
            report(name, "has a user or a password in it; the key belongs into BACKUPY_AGENT_KEY", example: example)
        } else if match.3.contains("?") || match.3.contains("#") {
            report(name, "has a query or a fragment", example: example)
        }
        return text
    }

    mutating func agentKey() -> Secret {
        let (name, fileName) = ("BACKUPY_AGENT_KEY", "BACKUPY_AGENT_KEY_FILE")
        switch (text(name), text(fileName)) {
        case (nil, nil):
            report(name, "is not set, and neither is \(fileName)", example: AgentKeyForm.example)
            return Secret("")
        case (.some, .some):
            report(name, "and \(fileName) are both set, and one of them must go", example: AgentKeyForm.example)
            return Secret("")
        case (let key?, _):
            return checked(key, from: name, "is not a key", example: AgentKeyForm.example)
        case (_, let path?):
            guard let key = contents(of: path, for: fileName) else { return Secret("") }
            return checked(key, from: fileName, "names a file that holds no key", example: "/run/secrets/backupy_key")
        }
    }

    private mutating func checked(_ key: String, from name: String, _ problem: String, example: String) -> Secret {
        let key = String(key.trimmingPrefix(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        if !AgentKeyForm.isRight(key) {
            report(
                name, "\(problem): bkpy_live_ or bkpy_test_ and 32 letters and digits, or 64 hex digits",
                example: example)
        }
        return Secret(key)
    }

    /// The first 4 KiB: no key is longer.
    private mutating func contents(of path: String, for name: String) -> String? {
        let example = "/run/secrets/backupy_key"
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            report(name, "names a file that can't be read: \(SystemMessage.of(errno))", example: example)
            return nil
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else {
            report(name, "names a file that can't be read: \(SystemMessage.of(errno))", example: example)
            return nil
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Of the SHA-256 of a public key, with commas or spaces between them.
    mutating func pins(_ name: String) -> [String] {
        let pins = (text(name) ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
        let areRight = pins.allSatisfy { pin in
            pin.hasPrefix("sha256/") && Data(base64Encoded: String(pin.dropFirst(7)))?.count == 32
        }
        if !areRight {
            report(
                name, "is not a list of sha256/BASE64 with 32 bytes each",
                example: "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
        }
        return pins
    }
}
