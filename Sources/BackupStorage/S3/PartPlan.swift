/// How large the parts of an upload are.
///
/// S3 takes 10,000 parts of 5 MiB at least. Parts grow, so that small backups are sent early and large ones fit; a
/// part is buffered to be sent again, and with ``memory`` bytes for all of them the largest is 24 MiB.
enum PartPlan {
    static let memory = 24 << 20
    static let largestCount = 10_000
    /// 200 GiB.
    static let largestObject = (1...largestCount).reduce(0) { $0 + size(of: $1) }

    /// - Parameter number: from 1.
    static func size(of number: Int) -> Int {
        switch number {
        case ...1000: 6 << 20
        case ...2000: 12 << 20
        default: 24 << 20
        }
    }

    /// How many parts may be on their way while the next one of `size` bytes is filled.
    static func inFlight(whileFilling size: Int) -> Int { memory / size - 1 }
}
