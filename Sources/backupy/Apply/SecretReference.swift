internal import BackupCore
internal import FoundationEssentials

/// Where a secret of a file is: `${NAME}` or `file:PATH`, on the machine that applies the file.
enum SecretReference: Sendable, Equatable, CustomStringConvertible {
    case environment(String)
    case file(String)

    private static let largestSize = 65_536

    /// - Returns: nil for anything else: a secret in clear.
    init?(_ text: String) {
        if let name = Self.variable(in: text) {
            self = .environment(name)
        } else if text.hasPrefix("file:"), text.count > 5 {
            self = .file(String(text.dropFirst(5)))
        } else {
            return nil
        }
    }

    /// NAME, where all of the text is `${NAME}`.
    static func variable(in text: String) -> String? {
        guard text.hasPrefix("${"), text.hasSuffix("}"), text.count > 3 else { return nil }
        let name = text.dropFirst(2).dropLast()
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } ? String(name) : nil
    }

    var description: String {
        switch self {
        case .environment(let name): "${\(name)}"
        case .file(let path): "file:\(path)"
        }
    }

    /// - Returns: nil where nothing is there. A file's last line break does not belong to it.
    func read(_ environment: [String: String]) throws -> Secret? {
        switch self {
        case .environment(let name): return environment[name].flatMap { $0.isEmpty ? nil : Secret($0) }
        case .file(let path):
            var text = String(decoding: try TextFile.read(path, limit: Self.largestSize), as: UTF8.self)
            while text.last?.isNewline == true { text.removeLast() }
            return text.isEmpty ? nil : Secret(text)
        }
    }
}
