package import FoundationEssentials

/// What retention would do to a target now.
package struct RetentionPreviewDocument: APIDocument {
    /// Of each list the newest; the counts are of all.
    package static let mostBackups = 1000

    package struct Kept: Codable, Sendable, Equatable {
        package let runID: String
        package let jobID: String
        package let at: Date
        package let sizeBytes: Int
        package let reasons: [String]

        package init(runID: String, jobID: String, at: Date, sizeBytes: Int, reasons: [String]) {
            self.runID = runID
            self.jobID = jobID
            self.at = at
            self.sizeBytes = sizeBytes
            self.reasons = reasons
        }
    }

    package struct Removed: Codable, Sendable, Equatable {
        package let runID: String
        package let jobID: String
        package let at: Date
        package let sizeBytes: Int
        package let why: String
        /// When it was marked, and when it goes at the earliest.
        package let markedAt: Date?
        package let goesAt: Date?

        package init(
            runID: String, jobID: String, at: Date, sizeBytes: Int, why: String, markedAt: Date?, goesAt: Date?
        ) {
            self.runID = runID
            self.jobID = jobID
            self.at = at
            self.sizeBytes = sizeBytes
            self.why = why
            self.markedAt = markedAt
            self.goesAt = goesAt
        }
    }

    package let targetID: String
    package let isHeld: Bool
    package let approvedUntil: Date?
    package let keepCount: Int
    package let removeCount: Int
    package let keep: [Kept]
    package let remove: [Removed]

    package init(
        targetID: String, isHeld: Bool, approvedUntil: Date?, keepCount: Int, removeCount: Int, keep: [Kept],
        remove: [Removed]
    ) {
        self.targetID = targetID
        self.isHeld = isHeld
        self.approvedUntil = approvedUntil
        self.keepCount = keepCount
        self.removeCount = removeCount
        self.keep = keep
        self.remove = remove
    }

    package static let schema = Schema.named(
        "RetentionPreview",
        [
            .required("target_id", .id),
            .required("is_held", .flag, "Too much would go within a day: nothing does before somebody approves."),
            .optional("approved_until", .time), .required("keep_count", count), .required("remove_count", count),
            .required(
                "keep",
                .list(
                    .named("KeptBackup", backup + [.required("reasons", .list(.line(1...100), upTo: 20))]),
                    upTo: mostBackups), "Newest first."),
            .required(
                "remove",
                .list(
                    .named(
                        "RemovedBackup",
                        backup + [
                            .required("why", .lines(1...1000)), .optional("marked_at", .time),
                            .optional("goes_at", .time, "At the earliest."),
                        ]), upTo: mostBackups), "Newest first."),
        ])

    private static let count = Schema.integer(0...Int64.max)
    private static let backup: [SchemaField] = [
        .required("run_id", .id), .required("job_id", .id), .required("at", .time, "When it was begun."),
        .required("size_bytes", count),
    ]
}

package struct RetentionApprovalDocument: APIDocument {
    package let targetID: String
    package let approvedUntil: Date

    package init(targetID: String, approvedUntil: Date) {
        self.targetID = targetID
        self.approvedUntil = approvedUntil
    }

    package static let schema = Schema.named(
        "RetentionApproval", [.required("target_id", .id), .required("approved_until", .time)])
}
