/// How large the parts of an upload are.
///
/// S3 takes 10,000 parts of 5 MiB at least. Parts grow, so that small backups are sent early and large ones fit; a part is buffered
/// to be sent again, and with ``memory`` bytes for all of them the largest is 32 MiB.
enum PartPlan {
    static let memory = 32 << 20
    static let largestCount = 10_000
    /// 273 GiB.
    static let largestObject = (1...largestCount).reduce(0) { $0 + size(of: $1) }

    /// - Parameter number: from 1.
    static func size(of number: Int) -> Int {
        switch number {
        case ...1000: 8 << 20
        case ...2000: 16 << 20
        default: 32 << 20
        }
    }

    /// How many parts may be on their way while the next one of `size` bytes is filled.
    static func inFlight(whileFilling size: Int) -> Int { memory / size - 1 }
}
