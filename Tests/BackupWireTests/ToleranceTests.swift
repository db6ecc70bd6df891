import BackupCore
import BackupTestSupport
import BackupWire
import Testing

/// What comes from peers that are older, newer, or no peers.
@Suite struct ToleranceTests {
    private static let strange =
        RawField.varint(1000, .max).encoded + RawField.bytes(1001, [0xFF, 0xFE]).encoded
        + RawField(number: 1002, wireType: 1, value: 7).encoded + RawField(number: 536_870_911, wireType: 5).encoded

    /// The frame with fields of no known number in the envelope and in its payload.
    private static func spliced(_ frame: [UInt8]) throws -> [UInt8] {
        try strange
            + RawField.all(frame).flatMap { field in
                field.number < 10 || field.wireType != 2
                    ? field.encoded : RawField.bytes(field.number, strange + field.bytes + strange).encoded
            } + strange
    }

    @Test func fieldsOfUnknownNumbersAreSkipped() throws {
        for message in Samples.agent {
            let frame = try WireCodec.encode(message, seq: 1, timeMilliseconds: 2)
            #expect(try WireCodec.decodeFromAgent(Self.spliced(frame)).message == message)
        }
        for message in Samples.server {
            let frame = try WireCodec.encode(message, seq: 1, timeMilliseconds: 2)
            #expect(try WireCodec.decodeFromServer(Self.spliced(frame)).message == message)
        }
    }

    @Test(arguments: [40, 90, 55, 536_870_911])
    func unknownPayloadsAreTold(_ number: Int) throws {
        let frame = RawField.varint(1, 5).encoded + RawField.bytes(number, [1, 2, 3]).encoded
        let note = "this version doesn't know payload \(number)"
        let agent = try WireCodec.decodeFromAgent(frame)
        #expect(agent.seq == 5 && agent.message == nil && agent.notes == [note])
        let server = try WireCodec.decodeFromServer(frame)
        #expect(server.seq == 5 && server.message == nil && server.notes == [note])
    }

    @Test func payloadsOfTheOtherDirectionAreTold() throws {
        for message in Samples.agent {
            let envelope = try WireCodec.decodeFromServer(WireCodec.encode(message, seq: 1, timeMilliseconds: 2))
            #expect(envelope.message == nil)
            #expect(envelope.notes.count == 1 && envelope.notes[0].hasSuffix("is nothing that a server says"))
        }
        for message in Samples.server {
            let envelope = try WireCodec.decodeFromAgent(WireCodec.encode(message, seq: 1, timeMilliseconds: 2))
            #expect(envelope.message == nil)
            #expect(envelope.notes.count == 1 && envelope.notes[0].hasSuffix("is nothing that an agent says"))
        }
        #expect(try WireCodec.decodeFromServer([]).notes == ["the frame has no payload"])
    }

    @Test func unknownValuesBecomeTheNearestAndAreTold() throws {
        let update = try WireCodec.decodeFromAgent(RawField.bytes(13, RawField.varint(2, 77).encoded).encoded)
        #expect(update.message == .jobUpdate(JobUpdate()) && update.notes == ["this version doesn't know status 77"])

        let completed = try WireCodec.decodeFromAgent(RawField.bytes(14, RawField.varint(19, 9).encoded).encoded)
        #expect(completed.message == .backupCompleted(BackupCompleted()) && completed.notes.count == 1)
        let run = try WireCodec.decodeFromServer(RawField.bytes(52, RawField.varint(21, 9).encoded).encoded)
        guard case .runBackup(let backup) = run.message else { throw TestFailure("no RunBackup") }
        #expect(backup.validation == .full && run.notes.count == 1, "what can't be done exactly is done strictly")

        let connection = RawField.bytes(4, RawField.varint(2, 70000).encoded + RawField.varint(7, 9).encoded)
        let target = RawField.bytes(2, RawField.varint(2, 99).encoded + connection.encoded)
        let job = RawField.bytes(3, RawField.bytes(5, Array("brotli".utf8)).encoded)
        let check = RawField.bytes(4, RawField.varint(3, 12).encoded)
        let window = RawField.bytes(5, RawField.bytes(1, Array("25:00".utf8)).encoded)
        let configuration = RawField.bytes(1, [target, job, check, window].flatMap(\.encoded)).encoded
        let envelope = try WireCodec.decodeFromServer(RawField.bytes(51, configuration).encoded)
        guard case .configUpdate(let decoded) = envelope.message else { throw TestFailure("no configuration") }
        #expect(decoded.targets == [Target(id: "", engine: nil, port: 65535)])
        #expect(decoded.jobs.map(\.compression) == [nil])
        #expect(decoded.healthChecks.map(\.kind) == [nil])
        #expect(decoded.maintenance == nil)
        #expect(
            envelope.notes == [
                "'25:00' to '' is no maintenance window", "target '' has port 70000, which is none",
                "this version doesn't know database type 99",
                "this version doesn't know connection strategy 9, and uses TCP",
                "this version doesn't know compression 'brotli'", "this version doesn't know check type 12",
            ])
    }

    @Test func numbersAreBroughtIntoRange() throws {
        let retry = RawField.bytes(9, RawField.varint(1, 9_000_000).encoded + RawField.varint(2, 9_000_000).encoded)
        let huge = RawField.bytes(3, retry.encoded + RawField.varint(10, UInt64(UInt32.max)).encoded)
        let slow = RawField.bytes(4, RawField.varint(5, 9_000_000).encoded + RawField.varint(6, 9_000_000).encoded)
        let advanced = RawField.bytes(6, RawField.varint(1, 9_000_000).encoded)
        let fields = [RawField.bytes(3, []), huge, .bytes(4, []), slow, advanced].flatMap(\.encoded)
        let envelope = try WireCodec.decodeFromServer(RawField.bytes(51, RawField.bytes(1, fields).encoded).encoded)
        guard case .configUpdate(let decoded) = envelope.message else { throw TestFailure("no configuration") }
        #expect(decoded.jobs.map(\.retry) == [.init(), .init(maxAttempts: 100, backoffSeconds: [86400])])
        #expect(decoded.jobs.map(\.timeout) == [nil, .seconds(30 * 86400)])
        #expect(decoded.jobs.map(\.compression) == [.zstd, .zstd], "empty is zstd")
        #expect(decoded.healthChecks.map(\.interval) == [.seconds(60), .seconds(86400)])
        #expect(decoded.healthChecks.map(\.timeout) == [.seconds(10), .seconds(3600)])
        #expect(decoded.maxParallelJobs == 64)
        #expect(AgentConfiguration().maxParallelJobs == 1)

        let nan = RawField(number: 1, wireType: 5, value: UInt64(Float.nan.bitPattern))
        let heartbeat = try WireCodec.decodeFromAgent(
            RawField.bytes(11, RawField.bytes(2, nan.encoded).encoded).encoded)
        #expect(heartbeat.message == .heartbeat(Heartbeat()))
    }

    @Test func notesAreBounded() throws {
        let job = RawField.bytes(3, RawField.bytes(5, Array(String(repeating: "x", count: 1000).utf8)).encoded).encoded
        let jobs = Array(repeating: job, count: 1000).flatMap(\.self)
        let envelope = try WireCodec.decodeFromServer(RawField.bytes(51, RawField.bytes(1, jobs).encoded).encoded)
        #expect(envelope.notes.count == 16 && envelope.notes.allSatisfy { $0.count < 150 })
    }

    @Test func secretsDontShow() throws {
        for message in Samples.server {
            let text = "\(message)"
            let secrets = ["presigned_put_url", "presigned_get_url", "password_secret_ref", "identity_secret_ref"]
            #expect(!secrets.contains { text.contains($0) }, "\(text)")
        }
    }
}
