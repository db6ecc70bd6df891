internal import BackupCore

/// How large the parts of an upload are, within what the store takes.
///
/// They grow as ``PartPlan``'s do, in proportion to the number of parts that there may be.
struct PresignedPartPlan: Sendable {
    /// A part is held in memory until the store has it.
    static let largestMinimum: UInt64 = 64 << 20

    let maxParts: Int
    private let bounds: ClosedRange<Int>
    private let plan: PartPlan

    /// - Parameter sizeHint: as ``PartPlan``'s.
    /// - Throws: ``StorageError/invalidGrant(reason:)`` for limits that leave nothing to choose from.
    init(_ limits: UploadLimits, sizeHint: UInt64?) throws(StorageError) {
        guard limits.maxParts >= 1, limits.minPartBytes <= limits.maxPartBytes, limits.maxPartBytes >= 1 else {
            throw .invalidGrant(reason: "no part can be as large or as many as it says")
        }
        guard limits.minPartBytes <= Self.largestMinimum else {
            throw .invalidGrant(reason: "parts of \(limits.minPartBytes >> 20) MiB need more memory than there may be")
        }
        // Nobody takes more; a number out of a message is not to be counted up to.
        maxParts = min(limits.maxParts, PartPlan.largestCount)
        plan = PartPlan(sizeHint: sizeHint)
        bounds = max(1, Int(limits.minPartBytes))...Int(clamping: limits.maxPartBytes)
    }

    /// Bytes of all parts that are filled or on their way: 24 MiB, or two parts where the store takes none that small.
    var memory: Int { max(PartPlan.memory, 2 * bounds.lowerBound) }

    /// - Parameter number: from 1.
    func size(of number: Int) -> Int {
        let size = plan.size(of: (number - 1) * PartPlan.largestCount / maxParts + 1)
        return min(max(size, bounds.lowerBound), bounds.upperBound)
    }

    var largestObject: UInt64 { (1...maxParts).reduce(0) { $0 + UInt64(size(of: $1)) } }
}
