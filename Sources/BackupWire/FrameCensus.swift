/// How many fields a frame from an agent holds, counted before any of them becomes a value.
///
/// A frame of 4 MiB can hold two million empty submessages, each of which becomes a value of a hundred bytes and more. Nothing here
/// allocates, and no byte is looked at more than four times.
package enum FrameCensus {
    /// More than any message that makes sense has: 10,000 parts, or a host with hundreds of containers.
    package static let largestCount = 65_536

    /// Which fields of a message are messages themselves, by the tables of the protocol.
    private struct Shape {
        var parts: [(number: UInt64, shape: Shape)] = []
        static let leaf = Shape()
    }

    private static let logEvent = Shape(parts: [(5, .leaf)])
    private static let container = Shape(parts: [(6, .leaf), (7, .leaf)])
    private static let envelope = Shape(parts: [
        (10, .leaf), (11, Shape(parts: [(2, .leaf)])), (12, Shape(parts: [(1, container)])), (16, logEvent),
        (31, Shape(parts: [(2, .leaf)])), (34, .leaf), (36, Shape(parts: [(1, logEvent)])),
    ])

    /// Fields at all depths; those of what is no message count up to where it breaks.
    /// - Returns: at most `limit` + 1.
    package static func fields(in frame: [UInt8], limit: Int = largestCount) -> Int {
        var count = 0
        frame.withUnsafeBytes { bytes in
            _ = scan(bytes, envelope) {
                count += 1
                return count <= limit
            }
        }
        return count
    }

    /// - Parameter saw: called for each field; false: enough.
    private static func scan(_ bytes: UnsafeRawBufferPointer, _ shape: Shape, _ saw: () -> Bool) -> Bool {
        var position = 0
        while position < bytes.count {
            guard let tag = varint(bytes, &position), saw() else { return false }
            switch tag & 7 {
            case 0: guard varint(bytes, &position) != nil else { return false }
            case 1: position += 8
            case 5: position += 4
            case 2:
                guard let length = varint(bytes, &position), length <= UInt64(bytes.count - position) else {
                    return false
                }
                if let inner = shape.parts.first(where: { $0.number == tag >> 3 })?.shape {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
                    guard scan(part, inner, saw) else { return false }
                }
                position += Int(length)
            default: return false
            }
        }
        return true
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
