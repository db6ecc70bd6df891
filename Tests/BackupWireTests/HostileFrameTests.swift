import BackupTestSupport
import BackupWire
import Testing

@Suite struct HostileFrameTests {
    @Test func framesOverTheLimitAreRefusedBothWays() throws {
        let large = [UInt8](repeating: 0, count: WireCodec.largestFrame + 1)
        #expect(throws: WireError.tooLarge(bytes: large.count)) { try WireCodec.decodeFromAgent(large) }
        #expect(throws: WireError.tooLarge(bytes: large.count)) { try WireCodec.decodeFromServer(large) }
        var completed = BackupCompleted()
        completed.manifest = large
        #expect {
            try WireCodec.encode(.backupCompleted(completed), seq: 1, timeMilliseconds: 2)
        } throws: {
            if case .tooLarge(let bytes) = $0 as? WireError { bytes > large.count } else { false }
        }
    }

    @Test func bytesThatAreNoProtobufAreMalformed() throws {
        for bytes: [UInt8] in [
            [0x08], [0x0A, 0x05, 1], [0xFF, 0xFF], [0x1A, 1, 0xFF], Array("GET / HTTP/1.1\r\n".utf8),
        ] {
            #expect(throws: WireError.malformed(bytes: bytes.count)) { try WireCodec.decodeFromAgent(bytes) }
            #expect(throws: WireError.malformed(bytes: bytes.count)) { try WireCodec.decodeFromServer(bytes) }
        }
    }

    /// A trap would end the process; the time shows that nothing loops.
    @Test func tenThousandRandomCutAndFlippedFrames() throws {
        var random = SeededRandom(20_260_131)
        let frames =
            try Samples.agent.map { try WireCodec.encode($0, seq: 1, timeMilliseconds: 2) }
            + Samples.server.map { try WireCodec.encode($0, seq: 1, timeMilliseconds: 2) }
        var outcomes: [String: Int] = [:]
        let start = ContinuousClock.now
        for turn in 0..<10_000 {
            var frame = try #require(frames.randomElement(using: &random))
            switch turn % 3 {
            case 0:
                frame = (0..<Int.random(in: 0...300, using: &random)).map { _ in .random(in: 0...255, using: &random) }
            case 1: frame.removeLast(Int.random(in: 1...frame.count, using: &random))
            default:
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    frame[Int.random(in: 0..<frame.count, using: &random)] ^=
                        1 << UInt8.random(in: 0...7, using: &random)
                }
            }
            outcomes[outcome { try WireCodec.decodeFromAgent(frame).message == nil }, default: 0] += 1
            outcomes[outcome { try WireCodec.decodeFromServer(frame).message == nil }, default: 0] += 1
        }
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(Set(outcomes.keys) == ["malformed", "nothing", "message"], "\(outcomes)")
    }

    private func outcome(_ isNothing: () throws -> Bool) -> String {
        do {
            return try isNothing() ? "nothing" : "message"
        } catch WireError.malformed {
            return "malformed"
        } catch {
            return "\(error)"
        }
    }
}
