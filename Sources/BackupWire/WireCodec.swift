internal import FoundationEssentials
internal import SwiftProtobuf

/// Between messages and frames of `backup.v1`: one frame is one serialized `Envelope`.
///
/// Reading is lenient, since the other side may be older or newer: unknown fields are skipped, unknown payloads and payloads
/// of the other direction leave the envelope's message nil, unknown enum values and numbers out of range become what is
/// nearest. Each of them is told in the envelope's notes. Only bytes that are no protobuf are an error.
package enum WireCodec {
    /// In bytes; a frame over it ends the connection (WebSocket close code 1009).
    package static let largestFrame = 4 << 20

    /// - Throws: ``WireError/tooLarge(bytes:)`` for a message that no peer would take.
    package static func encode(
        _ message: AgentMessage, seq: UInt64, timeMilliseconds: UInt64, correlationID: String = ""
    ) throws(WireError) -> [UInt8] {
        try serialize(message.payload, seq, timeMilliseconds, correlationID)
    }

    /// - Throws: ``WireError/tooLarge(bytes:)`` for a message that no peer would take.
    package static func encode(
        _ message: ServerMessage, seq: UInt64, timeMilliseconds: UInt64, correlationID: String = ""
    ) throws(WireError) -> [UInt8] {
        try serialize(message.payload, seq, timeMilliseconds, correlationID)
    }

    package static func decodeFromAgent(_ frame: [UInt8]) throws(WireError) -> AgentEnvelope {
        let envelope = try parse(frame)
        var notes = WireNotes()
        let message = envelope.payload.flatMap { AgentMessage(payload: $0, notes: &notes) }
        if message == nil { notes.add(stranger(in: envelope, from: "an agent")) }
        return AgentEnvelope(
            seq: envelope.seq, timeMilliseconds: envelope.tsMs, correlationID: envelope.correlationID, message: message,
            notes: notes.texts)
    }

    package static func decodeFromServer(_ frame: [UInt8]) throws(WireError) -> ServerEnvelope {
        let envelope = try parse(frame)
        var notes = WireNotes()
        let message = envelope.payload.flatMap { ServerMessage(payload: $0, notes: &notes) }
        if message == nil { notes.add(stranger(in: envelope, from: "a server")) }
        return ServerEnvelope(
            seq: envelope.seq, timeMilliseconds: envelope.tsMs, correlationID: envelope.correlationID, message: message,
            notes: notes.texts)
    }

    private static func serialize(
        _ payload: Backup_V1_Envelope.OneOf_Payload, _ seq: UInt64, _ timeMilliseconds: UInt64, _ correlationID: String
    ) throws(WireError) -> [UInt8] {
        var envelope = Backup_V1_Envelope()
        envelope.seq = seq
        envelope.tsMs = timeMilliseconds
        envelope.correlationID = correlationID
        envelope.payload = payload
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        let frame: [UInt8]
        do {
            frame = try envelope.serializedBytes(options: options)
        } catch {
            // A proto3 message without extensions has one reason not to be serialized: more than 2 GiB.
            throw .tooLarge(bytes: Int(Int32.max))
        }
        guard frame.count <= largestFrame else { throw .tooLarge(bytes: frame.count) }
        return frame
    }

    private static func parse(_ frame: [UInt8]) throws(WireError) -> Backup_V1_Envelope {
        guard frame.count <= largestFrame else { throw .tooLarge(bytes: frame.count) }
        do {
            return try Backup_V1_Envelope(serializedBytes: frame)
        } catch {
            throw .malformed(bytes: frame.count)
        }
    }

    /// Which payload it was that meant nothing here.
    private static func stranger(in envelope: Backup_V1_Envelope, from peer: String) -> String {
        if let payload = envelope.payload { return "\(payload.name) is nothing that \(peer) says" }
        guard let number = firstNumber(envelope.unknownFields.data) else { return "the frame has no payload" }
        return "this version doesn't know payload \(number)"
    }

    /// The number of the first field: the tag's varint without its lowest three bits.
    private static func firstNumber(_ fields: Data) -> UInt64? {
        var tag: UInt64 = 0
        for (index, byte) in fields.prefix(5).enumerated() {
            tag |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 { return tag >> 3 }
        }
        return nil
    }
}
