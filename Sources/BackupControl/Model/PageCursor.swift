/// Where the next piece of a list begins: opaque to callers, the last id of the piece before to us.
package enum PageCursor {
    package static func after(_ id: String) -> String {
        id.utf8.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    }

    /// - Throws: ``ControlError/invalid(field:reason:)`` for what ``after(_:)`` has not made.
    package static func id(_ cursor: String) throws(ControlError) -> String {
        let digits = Array(cursor.utf8)
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count - digits.count % 2, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else { break }
            bytes.append(byte)
        }
        let id = String(decoding: bytes, as: UTF8.self)
        guard (1...60).contains(bytes.count), after(id) == cursor,
            bytes.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d })
        else { throw .invalid(field: "cursor", reason: "it is none of ours") }
        return id
    }
}

extension PageRequest {
    /// The id after which the piece begins; nil for the first.
    /// - Throws: ``ControlError/invalid(field:reason:)``.
    package func after() throws(ControlError) -> String? {
        guard let cursor else { return nil }
        return try PageCursor.id(cursor)
    }
}

extension Page {
    /// From one item more than were asked for, if there are so many.
    package init(_ found: [Item], limit: Int, id: (Item) -> String) {
        let items = Array(found.prefix(limit))
        self.init(items: items, nextCursor: found.count > limit ? items.last.map { PageCursor.after(id($0)) } : nil)
    }
}
