import BackupCore
import BackupTestSupport
import BackupWire
import Testing

/// The tables that others were built from, the .proto, and the bytes that leave this program say the same.
@Suite struct ContractTests {
    @Test func theProtoHasEveryLineOfTheTables() throws {
        let schema = try WireSchema()
        #expect(ContractTable.fieldLines.count == 147)
        #expect(ContractTable.fieldLines.subtracting(schema.fieldLines) == [])
        #expect(ContractTable.enumLines.subtracting(schema.enumLines) == [])
    }

    @Test func additionsKeepToTheirNumbers() throws {
        let schema = try WireSchema()
        let contract = ContractTable.fieldLines
        let known = Set(contract.compactMap { $0.split(separator: ".").first.map(String.init) })
        for line in schema.fieldLines.subtracting(contract) {
            let words = line.split { $0 == "." || $0 == " " }
            let (message, number) = (String(words[0]), Int(words[1]) ?? 0)
            if message == "Envelope" {
                #expect((30...49).contains(number) || (70...99).contains(number), "\(line)")
            } else if known.contains(message) {
                #expect(number >= 16, "\(line)")
            }
        }
    }

    @Test func everyFieldLeavesUnderItsNumberWithItsTypeAndValue() throws {
        let schema = try WireSchema()
        let frames =
            try Samples.agent.map(Self.frame) + Samples.server.map(Self.frame)
        var seen: Set<String> = []
        for frame in frames { seen.formUnion(try schema.names(in: frame, of: "Envelope")) }
        let all = Set(schema.messages.flatMap { message, fields in fields.map { "\(message).\($0.name)" } })
        #expect(all.subtracting(seen) == [])
        for (message, fields) in schema.messages where message != "Envelope" {
            let numbers = fields.filter { ["uint32", "uint64"].contains($0.type) }.map { Samples.number($0.name) }
            #expect(Set(numbers).count == numbers.count, "in \(message), two samples are the same number")
        }
    }

    @Test func everyValueOfTheEnumsHasItsNumber() throws {
        let statuses: [JobStatus] = [.unspecified, .queued, .running, .success, .failed, .cancelled]
        for (number, status) in statuses.enumerated() {
            var update = JobUpdate()
            update.status = status
            #expect(try Self.number([13, 2], in: Self.frame(.jobUpdate(update))) == UInt64(number))
        }
        for (number, level) in [LogLevel.trace, .debug, .info, .warn, .error].enumerated() {
            var event = LogEvent()
            event.level = level
            #expect(try Self.number([16, 2], in: Self.frame(.log(event))) == UInt64(number))
        }
        let engines: [DatabaseEngine?] = [nil, .postgresql, .mysql, .mariadb, .mongodb, .redis, .sqlite]
        for (number, engine) in engines.enumerated() {
            let frame = try Self.frame(.testConnection(Target(id: "t", engine: engine)))
            #expect(try Self.number([77, 1, 2], in: frame) == UInt64(number))
        }
        for (number, strategy) in [Target.Strategy.tcp, .dockerExec, .unixSocket].enumerated() {
            let frame = try Self.frame(.testConnection(Target(id: "t", engine: nil, strategy: strategy)))
            #expect(try Self.number([77, 1, 4, 7], in: frame) == UInt64(number))
        }
        for (number, kind) in [HealthCheck.Kind.http, .https, .tcp].enumerated() {
            let check = HealthCheck(id: "c", kind: kind, target: "x")
            let frame = try Self.frame(.configUpdate(AgentConfiguration(healthChecks: [check])))
            #expect(try Self.number([51, 1, 4, 3], in: frame) == UInt64(number))
        }
        for (number, validation) in [Validation.stream, .firstFrame, .full].enumerated() {
            var run = RunBackup()
            run.validation = validation
            #expect(try Self.number([52, 21], in: Self.frame(.runBackup(run))) == UInt64(number))
        }
    }

    private static func frame(_ message: AgentMessage) throws -> [UInt8] {
        try WireCodec.encode(
            message, seq: UInt64(Samples.number("seq")), timeMilliseconds: UInt64(Samples.number("ts_ms")),
            correlationID: "correlation_id")
    }

    private static func frame(_ message: ServerMessage) throws -> [UInt8] {
        try WireCodec.encode(
            message, seq: UInt64(Samples.number("seq")), timeMilliseconds: UInt64(Samples.number("ts_ms")),
            correlationID: "correlation_id")
    }

    /// The number at a path of field numbers; 0 where it is not written.
    private static func number(_ path: [Int], in frame: [UInt8]) throws -> UInt64 {
        var bytes = frame
        for number in path.dropLast() {
            bytes = try #require(RawField.all(bytes).first { $0.number == number }).bytes
        }
        return try RawField.all(bytes).first { $0.number == path.last }?.value ?? 0
    }
}
