package import BackupCore

/// What a v2 object says of itself in its header, bound into the key of its payload.
///
/// Values are printable ASCII on the wire; other bytes, and `%`, are written as `%XX`.
package struct BackupIdentity: Sendable, Equatable {
    package let run: String
    package let job: String?
    package let engine: String
    package let engineVersion: String
    package let compression: Compression
    package let created: UTCTime

    package init(
        run: String, job: String?, engine: String, engineVersion: String, compression: Compression, created: UTCTime
    ) {
        self.run = run
        self.job = job
        self.engine = engine
        self.engineVersion = engineVersion
        self.compression = compression
        self.created = created
    }

    static let names = ["run", "job", "engine", "engine_version", "compression", "created"]

    /// Lines in the order of ``names``, each with its line feed.
    var text: String {
        let values = [run, job, engine, engineVersion, compression.rawValue, created.rfc3339]
        return zip(Self.names, values).compactMap { name, value in
            value.map { "\(name): \(Self.encode($0))\n" }
        }
        .joined()
    }

    /// - Parameter lines: name and decoded value, names unique.
    init(_ values: [String: String]) throws(FormatError) {
        func value(_ name: String) throws(FormatError) -> String {
            guard let value = values[name] else { throw .missingName(name) }
            return value
        }
        guard let compression = Compression(rawValue: try value("compression")) else { throw .badValue("compression") }
        guard let created = UTCTime(rfc3339: try value("created")) else { throw .badValue("created") }
        self.init(
            run: try value("run"), job: values["job"], engine: try value("engine"),
            engineVersion: try value("engine_version"), compression: compression, created: created)
    }

    static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            let isPlain = (0x20...0x7e).contains(byte) && byte != UInt8(ascii: "%")
            return isPlain ? [byte] : [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// nil for anything but what ``encode(_:)`` writes.
    static func decode(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), encode(decoded) == text else { return nil }
        return decoded
    }
}
