package import BackupCore

/// What a control plane says to an agent.
package enum ServerMessage: Sendable, Equatable {
    case registerAck(RegisterAck)
    case configUpdate(AgentConfiguration)
    case runBackup(RunBackup)
    case cancelJob(jobID: String)
    case runHealthCheck(checkID: String)
    case selfUpdate(SelfUpdate)
    case ping(timeMilliseconds: UInt64)

    // Additions
    case ack(Acknowledgement)
    case partURLs(PartURLs)
    case uploadResult(UploadResult)
    case downloadURL(DownloadURL?, error: String)
    case cancelRun(runID: String, reason: String)
    case runRestore(RunRestore)
    case cancelRestore(restoreID: String, reason: String)
    case testConnection(Target)
}

/// The answer to a registration. Sent first on every connection.
package struct RegisterAck: Sendable, Equatable {
    package var sessionID = ""
    /// nil where the server sent none.
    package var configuration: AgentConfiguration?
    /// 0 for the default.
    package var heartbeatIntervalSeconds: UInt32 = 0
    /// ISO 8601
    package var serverTime = ""
    package var capabilities: Set<Capability> = []

    package init() {}
}

/// One run to be made.
package struct RunBackup: Sendable, Equatable {
    package var jobID = ""
    package var runID = ""
    package var isManual = false
    package var upload = UploadCredentials()
    /// The raw key; empty: not encrypted, or for ``recipients``. Prints as `***`.
    package var key = SecretBytes([])

    package var recipients: [String] = []
    /// 0 and 1: v1.
    package var formatVersion: UInt32 = 0
    /// ``key`` as the server wrapped it, for the header of v2.
    package var wrappedKey: [UInt8] = []
    package var keyID = ""
    /// Instead of one presigned PUT.
    package var multipart: MultipartPlan?
    package var validation = Validation.stream
    package var takesFingerprint = false

    package init() {}
}

/// One presigned PUT.
package struct UploadCredentials: Sendable, Equatable {
    /// Whoever has it can use it.
    package var url = Secret("")
    /// Unix; 0 where the server said nothing.
    package var expiresAtMilliseconds: UInt64 = 0
    package var objectKey = ""
    /// To be sent with the request: the signature covers them.
    package var headers: [String: String] = [:]

    package init() {}
}

package struct MultipartPlan: Sendable, Equatable {
    package var minPartBytes: UInt64 = 0
    package var maxPartBytes: UInt64 = 0
    package var maxParts: UInt32 = 0
    package var parts: [PartURL] = []

    package init() {}
}

package struct PartURL: Sendable, Equatable {
    /// From 1.
    package var number: UInt32
    package var url: Secret
    package var expiresAtMilliseconds: UInt64

    package init(number: UInt32, url: Secret, expiresAtMilliseconds: UInt64) {
        self.number = number
        self.url = url
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}

package struct PartURLs: Sendable, Equatable {
    package var runID: String
    package var parts: [PartURL]
    /// Not empty: there never will be any for this run.
    package var error: String

    package init(runID: String, parts: [PartURL] = [], error: String = "") {
        self.runID = runID
        self.parts = parts
        self.error = error
    }
}

package struct UploadResult: Sendable, Equatable {
    package var runID: String
    package var isOK: Bool
    package var error: String
    /// What the store says that it holds.
    package var sizeBytes: UInt64
    package var download: DownloadURL?

    package init(runID: String, isOK: Bool, error: String = "", sizeBytes: UInt64 = 0, download: DownloadURL? = nil) {
        self.runID = runID
        self.isOK = isOK
        self.error = error
        self.sizeBytes = sizeBytes
        self.download = download
    }
}

/// One presigned GET.
package struct DownloadURL: Sendable, Equatable {
    package var url: Secret
    package var expiresAtMilliseconds: UInt64
    package var objectKey: String

    package init(url: Secret, expiresAtMilliseconds: UInt64 = 0, objectKey: String = "") {
        self.url = url
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.objectKey = objectKey
    }
}

package struct SelfUpdate: Sendable, Equatable {
    package var targetVersion = ""
    package var binaryURL = ""
    /// Lower-case hex.
    package var sha256 = ""
    package var signature: [UInt8] = []
    package var isForced = false

    package init() {}
}

/// One restore to be made.
package struct RunRestore: Sendable, Equatable {
    package var restoreID = ""
    package var runID = ""
    /// nil where the server sent none.
    package var target: Target?
    package var download: DownloadURL?
    /// The bytes of the manifest beside the object; empty where there is none.
    package var manifest: [UInt8] = []
    package var sizeBytes: UInt64 = 0
    package var sha256 = ""
    /// 0: not encrypted.
    package var formatVersion: UInt32 = 0
    /// nil for one that this program doesn't know.
    package var compression: Compression? = Compression.zstd
    /// nil for a kind that this program doesn't know.
    package var sourceEngine: DatabaseEngine?
    package var sourceVersion = ""
    package var isWholeServer = false
    package var key = SecretBytes([])
    /// Where the agent's host keeps an age identity.
    package var identity = SecretReference.none
    package var options = RestoreOptions()
    /// nil for none.
    package var timeout: Duration?

    package init() {}
}
