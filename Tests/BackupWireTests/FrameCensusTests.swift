import BackupTestSupport
import BackupWire
import Testing

@Suite struct FrameCensusTests {
    @Test func millionsOfTinyThingsAreCountedBeforeTheyAreMade() throws {
        // Envelope.discovery (12), of 2,000,000 empty containers (1).
        let inner = [[UInt8]](repeating: [0x0A, 0x00], count: 2_000_000).flatMap { $0 }
        var frame: [UInt8] = [0x62]
        var length = inner.count
        while length >= 0x80 {
            frame.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        frame.append(UInt8(length))
        #expect(FrameCensus.fields(in: frame + inner) == FrameCensus.largestCount + 1)
    }

    @Test func aTextIsOneFieldWhateverIsInIt() throws {
        var event = LogEvent()
        event.message = String(repeating: "a", count: 1 << 20)
        event.fields = ["a": "b"]
        let frame = try WireCodec.encode(.logBatch([event], dropped: 0), seq: 1, timeMilliseconds: 1)
        #expect(FrameCensus.fields(in: frame) < 20)
        var completed = BackupCompleted()
        completed.manifest = [UInt8](repeating: 8, count: 1 << 20)
        #expect(
            FrameCensus.fields(in: try WireCodec.encode(.backupCompleted(completed), seq: 1, timeMilliseconds: 1)) < 20)
    }

    @Test func theLargestUploadFits() throws {
        let parts = (1...10_000).map { UploadedPart(number: $0, etag: "\"0123456789abcdef\"", sizeBytes: 1 << 30) }
        let frame = try WireCodec.encode(
            .completeUpload(CompleteUpload(runID: "r", parts: parts, sizeBytes: 1)), seq: 1, timeMilliseconds: 1)
        #expect((30_000...FrameCensus.largestCount).contains(FrameCensus.fields(in: frame)))
    }

    @Test func noBytesAreTooStrange() {
        var random = SeededRandom(7)
        for _ in 0..<20_000 {
            let frame = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(FrameCensus.fields(in: frame) <= 200)
        }
    }
}
