import Foundation
import Testing

@testable import BackupStorage

/// What a store says of S3 Object Lock with an object.
@Suite struct ObjectLockTests {
    private let now = Date(timeIntervalSince1970: 1_780_000_000)

    private func isLocked(until text: String) -> Bool {
        S3Store.isLocked(
            ["x-amz-object-lock-mode": "COMPLIANCE", "x-amz-object-lock-retain-until-date": text], at: now)
    }

    @Test func aRetentionThatGoesOnIsALock() {
        #expect(isLocked(until: "2030-01-01T00:00:00Z") && isLocked(until: "2030-01-01T00:00:00.123Z"))
        #expect(!isLocked(until: "2020-01-01T00:00:00Z") && !isLocked(until: "2020-01-01T00:00:00.5Z"))
        #expect(!isLocked(until: ""))
    }

    @Test func aLegalHoldIsALockWhateverTheRetentionSays() {
        #expect(S3Store.isLocked(["x-amz-object-lock-legal-hold": "ON"], at: now))
        #expect(!S3Store.isLocked(["x-amz-object-lock-legal-hold": "OFF"], at: now))
        #expect(!S3Store.isLocked([:], at: now))
    }

    @Test func whatCannotBeReadIsALock() {
        #expect(isLocked(until: "next year") && isLocked(until: "2020-01-01"))
    }
}
