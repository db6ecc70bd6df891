/// What an agent says to a control plane.
package enum AgentMessage: Sendable, Equatable {
    case register(Registration)
    case heartbeat(Heartbeat)
    case discovery([DiscoveredContainer])
    case jobUpdate(JobUpdate)
    case backupCompleted(BackupCompleted)
    case healthResult(HealthResult)
    case log(LogEvent)
    case restoreUpdate(RestoreUpdate)
    case ack(Acknowledgement)

    // Additions
    case partURLsRequest(PartURLsRequest)
    case completeUpload(CompleteUpload)
    case abortUpload(runID: String, reason: String)
    case downloadURLRequest(runID: String, restoreID: String)
    case testConnectionResult(ConnectionTest)
    case updateStatus(UpdateStatus)
    case logBatch([LogEvent], dropped: UInt64)
}

/// Who an agent is. Sent first on every connection.
package struct Registration: Sendable, Equatable {
    package var agentVersion = ""
    package var hostname = ""
    package var os = "linux"
    /// `amd64` or `arm64`
    package var architecture = ""
    package var dockerVersion = ""
    package var capabilities: Set<Capability> = []
    package var lastKnownConfigVersion: UInt64 = 0

    package init() {}
}

/// A feature that is used only when both sides have named it.
package struct Capability: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let ack = Self(rawValue: "ack")
    package static let multipart = Self(rawValue: "multipart")
    package static let validate = Self(rawValue: "validate")
    package static let formatV2 = Self(rawValue: "format_v2")
    package static let recipients = Self(rawValue: "recipients")
    package static let cancelRun = Self(rawValue: "cancel_run")
    package static let restore = Self(rawValue: "restore")
    package static let testConnection = Self(rawValue: "test_connection")
    package static let updateStatus = Self(rawValue: "update_status")
}

package struct Heartbeat: Sendable, Equatable {
    package var configVersion: UInt64 = 0
    package var metrics = HostMetrics()
    package var activeJobIDs: [String] = []

    package init() {}
}

/// The agent's host.
package struct HostMetrics: Sendable, Equatable {
    /// Of all cores together, 0 to 100, since the last time.
    package var cpuPercent: Float = 0
    package var memoryUsed: UInt64 = 0
    package var memoryTotal: UInt64 = 0
    /// Of the file system with the agent's state.
    package var diskUsed: UInt64 = 0
    package var diskTotal: UInt64 = 0
    package var queueDepth: UInt32 = 0

    package init() {}
}

/// A container with a database in it.
package struct DiscoveredContainer: Sendable, Equatable {
    package struct Port: Sendable, Equatable {
        package var container: UInt32
        /// 0 where it is not published.
        package var host: UInt32
        /// `tcp` or `udp`
        package var `protocol`: String

        package init(container: UInt32, host: UInt32, protocol: String) {
            self.container = container
            self.host = host
            self.protocol = `protocol`
        }
    }

    package var id = ""
    package var name = ""
    package var image = ""
    /// As ``DatabaseEngine`` names it.
    package var databaseType = ""
    package var networks: [String] = []
    /// Names only; no value ever leaves the host.
    package var environmentNames: [String] = []
    package var ports: [Port] = []

    package init() {}
}

package enum JobStatus: Sendable, Equatable {
    case unspecified
    case queued
    case running
    case success
    case failed
    case cancelled
}

package struct JobUpdate: Sendable, Equatable {
    package var jobID = ""
    package var runID = ""
    package var status = JobStatus.unspecified
    package var progressPercent: UInt32 = 0
    /// `pre_hooks`, `dumping`, `compressing`, `uploading`, `validating` or `post_hooks`
    package var currentStep = ""
    package var error: ErrorReport?
    /// Of the dump, so far.
    package var bytesDone: UInt64 = 0
    /// From 1.
    package var attempt: UInt32 = 0

    package init() {}
}

/// A ``BackupError`` on the wire. Its code is open: the other side may know more of them.
package struct ErrorReport: Sendable, Equatable {
    package var code: String
    package var message: String
    package var hint: String
    /// As ``Recovery`` names it.
    package var recovery: String

    package init(code: String = "", message: String, hint: String = "", recovery: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
        self.recovery = recovery
    }
}

package enum Validation: Sendable, Equatable {
    /// Checked as it went out.
    case stream
    /// The first frame was read back and opened.
    case firstFrame
    /// All of it was read back, opened and compared.
    case full
}

package struct BackupCompleted: Sendable, Equatable {
    package var jobID = ""
    package var runID = ""
    package var objectKey = ""
    package var sizeBytes: UInt64 = 0
    /// Lower-case hex, of the stored bytes.
    package var sha256 = ""
    package var durationMilliseconds: UInt64 = 0
    package var keyID = ""
    /// As received.
    package var encryptedKey: [UInt8] = []
    package var compression = ""
    /// `PostgreSQL 16.2`
    package var engineVersion = ""
    /// 0: not encrypted.
    package var formatVersion: UInt32 = 0
    package var dumpSizeBytes: UInt64 = 0
    package var manifest: [UInt8] = []
    package var validated = Validation.stream

    package init() {}
}

package struct HealthResult: Sendable, Equatable {
    package var checkID = ""
    package var timeMilliseconds: UInt64 = 0
    package var isOK = false
    package var latencyMilliseconds: UInt32 = 0
    package var error = ""
    package var statusCode: UInt32 = 0

    package init() {}
}

package enum LogLevel: Sendable, Equatable {
    case trace
    case debug
    case info
    case warn
    case error
}

package struct LogEvent: Sendable, Equatable {
    package var timeMilliseconds: UInt64 = 0
    package var level = LogLevel.info
    package var jobID = ""
    package var message = ""
    package var fields: [String: String] = [:]

    package init() {}
}

package struct RestoreUpdate: Sendable, Equatable {
    package var restoreID = ""
    package var status = JobStatus.unspecified
    package var progressPercent: UInt32 = 0
    package var currentStep = ""
    package var error: ErrorReport?
    /// As ``TargetState`` names it; empty where nothing failed.
    package var targetState = ""
    package var bytesDone: UInt64 = 0

    package init() {}
}

/// The answer to a message that must not be lost, and to a ping.
package struct Acknowledgement: Sendable, Equatable {
    package var correlationID: String
    package var isAccepted: Bool
    package var reason: String

    package init(correlationID: String, isAccepted: Bool = true, reason: String = "") {
        self.correlationID = correlationID
        self.isAccepted = isAccepted
        self.reason = reason
    }
}

package struct PartURLsRequest: Sendable, Equatable {
    package var runID: String
    /// From 1.
    package var firstNumber: UInt32
    package var count: UInt32

    package init(runID: String, firstNumber: UInt32, count: UInt32) {
        self.runID = runID
        self.firstNumber = firstNumber
        self.count = count
    }
}

package struct UploadedPart: Sendable, Equatable {
    package var number: UInt32
    package var etag: String
    package var sizeBytes: UInt64

    package init(number: UInt32, etag: String, sizeBytes: UInt64) {
        self.number = number
        self.etag = etag
        self.sizeBytes = sizeBytes
    }
}

package struct CompleteUpload: Sendable, Equatable {
    package var runID: String
    package var parts: [UploadedPart]
    package var sizeBytes: UInt64

    package init(runID: String, parts: [UploadedPart], sizeBytes: UInt64) {
        self.runID = runID
        self.parts = parts
        self.sizeBytes = sizeBytes
    }
}

package struct ConnectionTest: Sendable, Equatable {
    package var isOK = false
    package var engineVersion = ""
    package var toolVersion = ""
    package var sizeBytes: UInt64 = 0
    package var latencyMilliseconds: UInt32 = 0
    package var error: ErrorReport?

    package init() {}
}

package struct UpdateStatus: Sendable, Equatable {
    package var targetVersion: String
    package var phase: String
    package var error: String

    package init(targetVersion: String, phase: String, error: String = "") {
        self.targetVersion = targetVersion
        self.phase = phase
        self.error = error
    }
}
