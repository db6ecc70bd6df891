import BackupControl
import BackupControlStore
import BackupCore
import Foundation
import Testing

/// Changes of accounts that meet, on both databases.
@Suite struct AccountChangeTests {
    @Test(arguments: DatabaseKind.allCases)
    func aChangeThatTookItsTimeUndoesNoOther(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        let owner = UserRecord(
            id: sample.id(), email: "owner@example.com", name: "Owner", role: .owner, passwordHash: Secret("h"),
            createdAt: sample.start)
        let admin = UserRecord(
            id: sample.id(), email: "admin@example.com", name: "Admin", role: .admin, passwordHash: Secret("h"),
            createdAt: sample.start)
        try await database.addUser(owner)
        try await database.addUser(admin)
        var disabled = admin
        (disabled.role, disabled.disabledAt) = (.viewer, sample.start)
        try await database.updateUser(disabled, replacing: admin)
        var password = admin
        password.passwordHash = Secret("another")
        await #expect(throws: ControlError.self) { try await database.updateUser(password, replacing: admin) }
        #expect(try await database.user(admin.id)?.disabledAt == sample.start)
        #expect(try await database.user(admin.id)?.role == .viewer)
        var gone = owner
        gone.disabledAt = sample.start
        await #expect(throws: ControlError.self) { try await database.updateUser(gone, replacing: owner) }
        await database.close()
    }
}
