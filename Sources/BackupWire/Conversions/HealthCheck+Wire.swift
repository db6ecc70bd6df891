internal import BackupCore
internal import SwiftProtobuf

extension HealthCheck {
    /// A day.
    static let longestIntervalSeconds = 86400
    /// An hour.
    static let longestTimeoutSeconds = 3600

    init(wire: Backup_V1_HealthCheckSpec, notes: inout WireNotes) {
        self.init(
            id: wire.id, name: wire.name, kind: Kind(wire: wire.type, notes: &notes), target: wire.target,
            interval: wire.intervalSec.seconds(most: Self.longestIntervalSeconds) ?? .seconds(60),
            timeout: wire.timeoutSec.seconds(most: Self.longestTimeoutSeconds) ?? .seconds(10),
            expectedStatus: wire.expectedStatus == 0 ? nil : Int(clamping: wire.expectedStatus),
            expectedText: wire.expectedText)
    }

    var wire: Backup_V1_HealthCheckSpec {
        .with {
            $0.id = id
            $0.name = name
            $0.type = Kind.wire(kind)
            $0.target = target
            $0.intervalSec = interval.wireSeconds
            $0.timeoutSec = timeout.wireSeconds
            $0.expectedStatus = UInt32(clamping: expectedStatus ?? 0)
            $0.expectedText = expectedText
        }
    }
}

extension HealthCheck.Kind {
    /// What stands on the wire for one that this program didn't know when it read it: 0 would be HTTP.
    static let unknownWireValue = Int(Int32.max)

    /// nil for one that this program doesn't know.
    init?(wire: Backup_V1_CheckType, notes: inout WireNotes) {
        switch wire {
        case .http: self = .http
        case .https: self = .https
        case .tcpCheck: self = .tcp
        case .UNRECOGNIZED(let value):
            notes.add("this version doesn't know check type \(value)")
            return nil
        }
    }

    static func wire(_ kind: HealthCheck.Kind?) -> Backup_V1_CheckType {
        switch kind {
        case nil: .UNRECOGNIZED(unknownWireValue)
        case .http: .http
        case .https: .https
        case .tcp: .tcpCheck
        }
    }
}
