internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// One profile of `~/.aws/credentials` and `~/.aws/config`.
struct AWSProfile: Sendable {
    /// Enough for hundreds of profiles.
    static let largestFile = 1 << 20

    let name: String
    private let values: [String: String]

    subscript(key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }

    /// Files that are not there are empty. Of the same key, the credentials file's value counts.
    /// - Throws: ``StorageError/invalidSetting(_:reason:)`` for a file that can't be read, or a profile that was named
    ///   and isn't there.
    static func load(environment: [String: String]) throws(StorageError) -> AWSProfile {
        let home = environment["HOME"] ?? ""
        let chosen = environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
        let name = chosen ?? "default"
        let config = try read(environment["AWS_CONFIG_FILE"] ?? home + "/.aws/config")
        let credentials = try read(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home + "/.aws/credentials")
        let sections = [
            section(name == "default" ? "default" : "profile \(name)", of: config),
            name == "default" ? section("profile default", of: config) : nil,
            section(name, of: credentials),
        ].compactMap { $0 }
        guard !sections.isEmpty || chosen == nil else {
            throw .invalidSetting("AWS_PROFILE", reason: "there is no profile '\(name)' in the AWS profile files")
        }
        return AWSProfile(name: name, values: sections.reduce(into: [:]) { $0.merge($1) { $1 } })
    }

    /// The `key = value` lines of a section; a nested one (`s3 =` with indented lines) counts as the section's own.
    static func section(_ name: String, of text: String) -> [String: String]? {
        var values: [String: String]?
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimming(while: \.isWhitespace)
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("["), let end = content.firstIndex(of: "]") {
                let words = content[content.index(after: content.startIndex)..<end].split(
                    whereSeparator: \.isWhitespace)
                isInside = words.joined(separator: " ") == name
                if isInside { values = values ?? [:] }
            } else if isInside, let equals = content.firstIndex(of: "=") {
                let key = content[..<equals].trimming(while: \.isWhitespace).lowercased()
                values?[key] = String(content[content.index(after: equals)...].trimming(while: \.isWhitespace))
            }
        }
        return values
    }

    private static func read(_ path: String) throws(StorageError) -> String {
        guard let file = fopen(path, "re") else {
            if errno == ENOENT || errno == ENOTDIR { return "" }
            throw .invalidSetting(path, reason: SystemMessage.of(errno))
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: largestFile + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw .invalidSetting(path, reason: "it can't be read") }
        guard count <= largestFile else { throw .invalidSetting(path, reason: "it has more than 1 MiB") }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

extension Substring {
    fileprivate func trimming(while isIn: (Character) -> Bool) -> Substring {
        let start = drop(while: isIn)
        let last = start.lastIndex { !isIn($0) }
        return last.map { start[...$0] } ?? start[start.startIndex..<start.startIndex]
    }
}
