import BackupWire
import Testing

@testable import BackupAgent

/// One connection as pure logic: what comes in and when, what goes out.
@Suite struct SessionMachineTests {
    private static func frame(_ seq: UInt64, _ message: ServerMessage?, id: String = "", notes: [String] = [])
        -> ServerEnvelope
    {
        ServerEnvelope(seq: seq, timeMilliseconds: 0, correlationID: id, message: message, notes: notes)
    }

    private static func ack(heartbeat: UInt32 = 0, _ capabilities: Set<Capability> = []) -> RegisterAck {
        var ack = RegisterAck()
        ack.heartbeatIntervalSeconds = heartbeat
        ack.capabilities = capabilities
        return ack
    }

    /// After the handshake, at 1 s.
    private static func connected(heartbeat: UInt32 = 0) -> SessionMachine {
        var machine = SessionMachine(offering: [.ack], at: .zero)
        machine.sawFrame(at: .seconds(1))
        _ = machine.received(frame(1, .registerAck(ack(heartbeat: heartbeat))), at: .seconds(1))
        return machine
    }

    @Test func aConnectionBeginsWithTheRegistrationAndAHeartbeatFollowsItsAnswer() {
        var machine = SessionMachine(offering: [.ack, .restore], at: .seconds(100))
        #expect(machine.start() == [.sendRegistration])
        let numbers = [machine.nextSequence(), machine.nextSequence()]
        #expect(numbers == [1, 2])
        let ack = Self.ack([.ack, .multipart])
        #expect(
            machine.received(Self.frame(1, .registerAck(ack)), at: .seconds(101)) == [
                .begin(ack, [.ack]), .sendHeartbeat,
            ])
    }

    @Test func withoutAnAnswerWithin15SecondsItCloses() {
        var machine = SessionMachine(offering: [], at: .seconds(100))
        #expect(machine.deadline == .seconds(115))
        machine.sawFrame(at: .seconds(114))
        #expect(machine.tick(at: .milliseconds(114_999)) == [])
        #expect(machine.tick(at: .seconds(115)) == [.close(code: 1002, .noHandshake(within: .seconds(15)))])
        #expect(machine.deadline == nil && machine.tick(at: .seconds(200)) == [])
        #expect(machine.received(Self.frame(1, .registerAck(Self.ack())), at: .seconds(116)) == [])
    }

    @Test(
        arguments: [(0, 30), (1, 5), (5, 5), (60, 60), (300, 300), (86_400, 300), (UInt32.max, 300)] as [(UInt32, Int)])
    func theServerSaysHowOftenAHeartbeatGoesOut(_ said: UInt32, _ interval: Int) {
        var machine = Self.connected(heartbeat: said)
        var now = Duration.seconds(1)
        for _ in 0..<3 {
            let due = now + .seconds(interval)
            // Something comes in all the time.
            machine.sawFrame(at: due)
            #expect(machine.deadline == due)
            #expect(machine.tick(at: due - .milliseconds(1)) == [])
            #expect(machine.tick(at: due) == [.sendHeartbeat])
            now = due
        }
    }

    @Test func afterALongStopThereIsOneHeartbeat() {
        var machine = Self.connected()
        machine.sawFrame(at: .seconds(3600))
        #expect(machine.tick(at: .seconds(3600)) == [.sendHeartbeat])
        #expect(machine.tick(at: .seconds(3601)) == [])
        #expect(machine.deadline == .seconds(3630))
    }

    @Test func ninetySecondsOfSilenceAreTheEnd() {
        var machine = Self.connected(heartbeat: 300)
        #expect(machine.deadline == .seconds(91))
        #expect(machine.tick(at: .milliseconds(90_999)) == [])
        machine.sawFrame(at: .milliseconds(90_999))
        #expect(machine.tick(at: .seconds(91)) == [])
        #expect(machine.tick(at: .milliseconds(180_999)) == [.close(code: 1001, .silent(.seconds(90)))])
    }

    @Test func aPingIsAnsweredWithItsId() {
        var machine = Self.connected()
        #expect(
            machine.received(Self.frame(2, .ping(timeMilliseconds: 5), id: "p1"), at: .seconds(2))
                == [.answerPing(correlationID: "p1")])
    }

    @Test func aSequenceNumberThatWasSeenIsDropped() {
        var machine = Self.connected()
        let message = ServerMessage.cancelJob(jobID: "j")
        let delivery = SessionMachine.Action.deliver(message, correlationID: "c")
        for (number, isNew) in [
            (2, true), (2, false), (1, false), (5, true), (3, true), (3, false), (0, false), (6, true),
        ] {
            let actions = machine.received(Self.frame(UInt64(number), message, id: "c"), at: .seconds(2))
            #expect(actions.contains(delivery) == isNew, "\(number)")
        }
    }

    @Test func sequenceNumbersAreRememberedWithoutMemory() {
        var seen = SeenSequences()
        let once = (1...1000).map { seen.insert($0) }
        let twice = (1...1000).map { seen.insert($0) }
        #expect(once == Array(repeating: true, count: 1000) && twice == Array(repeating: false, count: 1000))
        let end = UInt64.max
        let jumps = [end, end, end - 64, end - 65, end - 1, end - 1, end - 63].map { seen.insert($0) }
        #expect(jumps == [true, false, true, false, true, false, true])
    }

    @Test func aServerThatBeginsWithSomethingElseIsRefused() {
        var machine = SessionMachine(offering: [], at: .zero)
        // What nobody understands may be an addition.
        #expect(machine.received(Self.frame(1, nil, notes: ["payload 99"]), at: .zero) == [.warn("payload 99")])
        #expect(
            machine.received(Self.frame(2, .ping(timeMilliseconds: 0)), at: .zero)
                == [.close(code: 1002, .outOfTurn("a ping"))])
    }

    @Test func anAcknowledgementMayNameItsMessageInTheEnvelope() {
        var machine = Self.connected()
        #expect(
            machine.received(Self.frame(2, .ack(Acknowledgement(correlationID: "")), id: "e"), at: .zero)
                == [.acknowledged(Acknowledgement(correlationID: "e"))])
        #expect(
            machine.received(Self.frame(3, .ack(Acknowledgement(correlationID: "m")), id: "e"), at: .zero)
                == [.acknowledged(Acknowledgement(correlationID: "m"))])
    }

    @Test func theCloseCodeSaysWhetherAnotherAgentCame() {
        var machine = Self.connected()
        #expect(machine.closed(code: 4001, reason: "replaced") == .replaced)
        machine = Self.connected()
        #expect(machine.closed(code: 1012, reason: "restart") == .closed(code: 1012, reason: "restart"))
        #expect(machine.tick(at: .seconds(1000)) == [])
    }

    @Test func theWaitsGrowToAMinuteAndBeginAnew() {
        var backoff = Backoff(random: { _ in 1 })
        let waits = (0..<9).map { _ in backoff.next() }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
        let later = (0..<1000).map { _ in backoff.next() }
        #expect(later.allSatisfy { $0 == .seconds(60) })
        backoff.reset()
        let anew = [backoff.next(), backoff.next()]
        #expect(anew == [.seconds(1), .seconds(2)])
    }

    @Test func theWaitsDifferByUpToAFifth() {
        var waits: [Duration] = []
        for _ in 0..<1000 {
            var backoff = Backoff()
            waits.append(backoff.next())
        }
        #expect(waits.allSatisfy { $0 >= .milliseconds(800) && $0 <= .milliseconds(1200) })
        #expect(waits.min()! < .milliseconds(850) && waits.max()! > .milliseconds(1150))
    }
}
