import Foundation
import Testing

@testable import BackupStorage

/// What a store says of S3 Object Lock with an object.
@Suite struct ObjectLockTests {
    private let now = Date(timeIntervalSince1970: 1_780_000_000)

    private func lock(until text: String) -> ObjectLock? {
        ObjectLock(["x-amz-object-lock-mode": "COMPLIANCE", "x-amz-object-lock-retain-until-date": text], at: now)
    }

    @Test func aRetentionThatGoesOnIsALock() {
        let end = Date(timeIntervalSince1970: 1_893_456_000)
        #expect(lock(until: "2030-01-01T00:00:00Z")?.until == end)
        #expect(lock(until: "2030-01-01T00:00:00.123Z")?.until == end)
        #expect(lock(until: "2020-01-01T00:00:00Z") == nil && lock(until: "2020-01-01T00:00:00.5Z") == nil)
        #expect(lock(until: "") == nil)
    }

    @Test func aLegalHoldIsALockWhateverTheRetentionSays() throws {
        let hold = try #require(
            ObjectLock(
                [
                    "x-amz-object-lock-legal-hold": "ON",
                    "x-amz-object-lock-retain-until-date": "2020-01-01T00:00:00Z",
                ], at: now))
        #expect(hold.until == nil && hold.outlasts(lock(until: "2030-01-01T00:00:00Z")))
        #expect(ObjectLock(["x-amz-object-lock-legal-hold": "OFF"], at: now) == nil)
        #expect(ObjectLock([:], at: now) == nil)
    }

    @Test func whatCannotBeReadIsALockWithoutAnEnd() {
        for text in ["next year", "2020-01-01"] {
            let lock = lock(until: text)
            #expect(lock != nil && lock?.until == nil)
        }
    }
}
