import BackupServer
import BackupWire
import Testing

@Suite struct GatewayMachineTests {
    private static let second = Duration.seconds(1)

    private func machine() -> GatewayMachine { GatewayMachine(settings: GatewaySettings(), at: .zero) }

    private func envelope(_ seq: UInt64, _ message: AgentMessage?, id: String = "") -> AgentEnvelope {
        AgentEnvelope(seq: seq, timeMilliseconds: 1, correlationID: id, message: message)
    }

    private func connected() -> GatewayMachine {
        var machine = machine()
        _ = machine.received(envelope(1, .register(Registration())))
        _ = machine.admitted(at: .zero)
        return machine
    }

    @Test func aRegistrationComesFirst() {
        var machine = machine()
        #expect(
            machine.received(envelope(1, .register(Registration()), id: "r"))
                == [.register(Registration(), correlationID: "r")])
        #expect(!machine.isConnected)
        let isAdmitted = machine.admitted(at: .zero)
        #expect(isAdmitted && machine.isConnected)
        #expect(machine.received(envelope(2, .heartbeat(Heartbeat()))) == [.sighting(Heartbeat())])
        #expect(
            machine.received(envelope(3, .register(Registration()))) == [.warn("a second registration was ignored")])
    }

    @Test(arguments: [AgentMessage.heartbeat(Heartbeat()), .discovery([]), .log(LogEvent())])
    func anythingElseFirstCloses(_ message: AgentMessage) {
        var early = machine()
        #expect(early.received(envelope(1, message)).first.map(Self.code) == 1002)
        #expect(early.received(envelope(2, .register(Registration()))) == [])
        var waiting = machine()
        _ = waiting.received(envelope(1, .register(Registration())))
        #expect(waiting.received(envelope(2, message)).first.map(Self.code) == 1002)
        let isAdmitted = waiting.admitted(at: .zero)
        #expect(!isAdmitted, "a closed connection is nobody's session")
    }

    @Test func aNumberThatWasSeenIsDropped() {
        var machine = connected()
        #expect(machine.received(envelope(2, .discovery([]), id: "a")) == [.take(.discovery([]), correlationID: "a")])
        let dropped = machine.received(envelope(2, .discovery([]), id: "a"))
        #expect(dropped.count == 1 && Self.isWarning(dropped[0]))
        #expect(machine.received(envelope(4, .discovery([]))) == [.take(.discovery([]), correlationID: "")])
        #expect(machine.received(envelope(3, .discovery([]))) == [.take(.discovery([]), correlationID: "")])
    }

    @Test func times() {
        var waiting = machine()
        #expect(waiting.tick(at: .seconds(14)) == [])
        #expect(waiting.tick(at: .seconds(15)).first.map(Self.code) == 1002)
        var machine = connected()
        #expect(machine.tick(at: .seconds(39)) == [])
        #expect(machine.tick(at: .seconds(40)) == [.ping])
        #expect(machine.nextSequence(at: .seconds(40)) == 1)
        #expect(machine.tick(at: .seconds(41)) == [])
        machine.sawFrame(at: .seconds(60))
        #expect(machine.tick(at: .seconds(149)) == [.ping])
        #expect(machine.tick(at: .seconds(150)).first.map(Self.code) == 1001)
        #expect(machine.tick(at: .seconds(300)) == [])
    }

    private static func code(_ action: GatewayMachine.Action) -> UInt16 {
        if case .close(let code, _) = action { code } else { 0 }
    }

    private static func isWarning(_ action: GatewayMachine.Action) -> Bool {
        if case .warn = action { true } else { false }
    }
}
