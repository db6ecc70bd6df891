package import BackupControl

extension ControlDatabase {
    package func addStorage(_ profile: StorageProfile) async throws {
        let (kind, settings) = try profile.kindAndSettings
        try await sql.write { connection in
            if profile.isDefault { try connection.run("UPDATE storage_profiles SET is_default = 0") }
            try connection.unique("a storage profile named '\(profile.name)' is there already") {
                try connection.run(
                    """
                    INSERT INTO storage_profiles (id, name, kind, settings, sealed_secret, is_default, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                    [
                        .text(profile.id.string), .text(profile.name), .text(kind), .text(settings),
                        SQLValue(profile.sealedSecret), SQLValue(profile.isDefault), SQLValue(profile.createdAt),
                    ])
            }
        }
    }

    package func storage(_ id: StorageProfile.ID) async throws -> StorageProfile? {
        try await sql.read { connection in
            try connection.row("SELECT * FROM storage_profiles WHERE id = ?", [.text(id.string)])
                .map(StorageProfile.init(row:))
        }
    }

    package func defaultStorage() async throws -> StorageProfile? {
        try await sql.read { connection in
            try connection.row("SELECT * FROM storage_profiles WHERE is_default = 1 ORDER BY id LIMIT 1")
                .map(StorageProfile.init(row:))
        }
    }

    package func storages(_ page: PageRequest) async throws -> Page<StorageProfile> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM storage_profiles WHERE id > ? ORDER BY id LIMIT ?",
                [.text(try page.after() ?? ""), SQLValue(page.limit + 1)])
            return Page(try rows.map(StorageProfile.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func updateStorage(_ profile: StorageProfile) async throws {
        let (kind, settings) = try profile.kindAndSettings
        try await sql.write { connection in
            if profile.isDefault { try connection.run("UPDATE storage_profiles SET is_default = 0") }
            try connection.unique("a storage profile named '\(profile.name)' is there already") {
                let changed = try connection.run(
                    """
                    UPDATE storage_profiles SET name = ?, kind = ?, settings = ?, sealed_secret = ?, is_default = ?
                    WHERE id = ?
                    """,
                    [
                        .text(profile.name), .text(kind), .text(settings), SQLValue(profile.sealedSecret),
                        SQLValue(profile.isDefault), .text(profile.id.string),
                    ])
                guard changed == 1 else { throw ControlError.notFound(kind: "storage profile", id: profile.id.string) }
            }
        }
    }

    package func deleteStorage(_ id: StorageProfile.ID) async throws {
        try await sql.write { connection in
            if let job = try connection.row("SELECT name FROM jobs WHERE storage_id = ? LIMIT 1", [.text(id.string)]) {
                throw ControlError.conflict("the job '\(try job.text("name"))' stores its backups there")
            }
            let backup = try connection.row(
                "SELECT id FROM runs WHERE storage_id = ? AND status = 'success' AND purged_at IS NULL LIMIT 1",
                [.text(id.string)])
            if let backup { throw ControlError.conflict("the backup \(try backup.text("id")) is there") }
            guard try connection.run("DELETE FROM storage_profiles WHERE id = ?", [.text(id.string)]) == 1 else {
                throw ControlError.notFound(kind: "storage profile", id: id.string)
            }
        }
    }

    package func storageUsage() async throws -> [StorageUsage] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT storage_id, count(*) AS backups, CAST(COALESCE(sum(size_bytes), 0) AS BIGINT) AS size_bytes FROM runs
                WHERE status = 'success' AND deleted_at IS NULL GROUP BY storage_id ORDER BY storage_id
                """
            ).map { row in
                StorageUsage(
                    storageID: .init(try row.text("storage_id")), backups: try row.int("backups"),
                    sizeBytes: try row.size("size_bytes"))
            }
        }
    }
}
