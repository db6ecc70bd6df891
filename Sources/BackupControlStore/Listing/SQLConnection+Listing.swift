internal import BackupControl
internal import BackupCore
internal import FoundationEssentials

/// Pieces of the lists' statements.
enum ListText {
    /// When the newest backup of `targets` ended that can be restored.
    static let provenAt = """
        (SELECT runs.finished_at FROM runs WHERE runs.target_id = targets.id AND runs.status = 'success' \
        AND runs.deleted_at IS NULL ORDER BY runs.id DESC LIMIT 1)
        """
}

extension SQLConnection {
    func names(_ table: String, _ ids: Set<String>) throws -> [String: String] {
        guard !ids.isEmpty else { return [:] }
        let rows = try rows(
            "SELECT id, name FROM \(table) WHERE id IN (\(ListOrder.marks(ids.count)))", ids.map { .text($0) })
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.text("id"), try $0.text("name")) })
    }

    func runs(_ ids: [String]) throws -> [String: RunRecord] {
        guard !ids.isEmpty else { return [:] }
        let rows = try rows("SELECT * FROM runs WHERE id IN (\(ListOrder.marks(ids.count)))", ids.map { .text($0) })
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.text("id"), try RunRecord(row: $0)) })
    }

    /// Of a quarter there are 2,160 of each.
    func hours(of checks: [String], from: Date) throws -> [String: [HealthHour]] {
        guard !checks.isEmpty else { return [:] }
        let rows = try rows(
            """
            SELECT * FROM health_hours WHERE check_id IN (\(ListOrder.marks(checks.count))) AND hour >= ?
            ORDER BY check_id, hour LIMIT ?
            """, checks.map { .text($0) } + [SQLValue(from), SQLValue(checks.count * 2200)])
        return Dictionary(grouping: try rows.map { (try $0.text("check_id"), try HealthHour(row: $0)) }, by: \.0)
            .mapValues { $0.map(\.1) }
    }
}
