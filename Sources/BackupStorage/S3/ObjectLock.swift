internal import BackupCore
package import FoundationEssentials

/// What keeps an object from being deleted by anybody: S3 Object Lock.
package struct ObjectLock: Sendable, Equatable {
    /// nil where nobody can say: a legal hold, or a time that can't be read.
    package let until: Date?

    /// Of an object's headers (S3 API, HeadObject, `x-amz-object-lock-…`), which a store only shows to keys that may know. What can't be
    /// read is a lock; nil: a retention that is over at `time`, or none.
    init?(_ headers: [String: String], at time: Date) {
        if headers["x-amz-object-lock-legal-hold"]?.uppercased() == "ON" {
            until = nil
            return
        }
        guard let text = headers["x-amz-object-lock-retain-until-date"], !text.isEmpty else { return nil }
        let whole = text.replacing(/\.[0-9]{1,9}Z$/, with: "Z")
        until = UTCTime(rfc3339: whole)?.date
        if let until, until < time { return nil }
    }

    /// Whether it ends after `other`.
    func outlasts(_ other: ObjectLock?) -> Bool {
        guard let other else { return true }
        return (until ?? .distantFuture) > (other.until ?? .distantFuture)
    }
}
