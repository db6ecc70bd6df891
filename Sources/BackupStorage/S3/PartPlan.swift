/// How large the parts of one upload are.
///
/// S3 takes 10,000 parts of 5 MiB at least. A part is buffered to be sent again, and all of them together have
/// ``memory`` bytes: the largest leaves room to fill the next one while it is sent. Parts grow, so that small backups
/// are sent early and large ones fit.
struct PartPlan: Sendable {
    /// Of parts that are filled or on their way.
    static let memory = 24 << 20
    static let largestCount = 10_000
    static let largestPart = 16 << 20
    /// 156 GiB, where it is known from the beginning that it will be much; otherwise 138 GiB.
    static let largestObject = UInt64(largestCount) * UInt64(largestPart)
    /// From this many bytes on, nothing is to be lost by small parts. Databases shrink to a fraction when they are dumped
    /// and compressed, so that growing parts are enough for a smaller one.
    static let large: UInt64 = 100 << 30
    /// No database shrinks to less than this fraction.
    static let largestRatio: UInt64 = 32

    private let isLarge: Bool

    /// - Parameter sizeHint: about how many bytes there are before they are compressed; nil when nobody knows.
    init(sizeHint: UInt64?) { isLarge = sizeHint.map { $0 >= Self.large } ?? false }

    /// - Parameter number: from 1.
    func size(of number: Int) -> Int {
        if isLarge { return Self.largestPart }
        return switch number {
        case ...1000: 6 << 20
        case ...3000: 12 << 20
        default: Self.largestPart
        }
    }

    /// Whether so much can't fit, however well it compresses: better said now than after a day.
    static func isHopeless(_ sizeHint: UInt64?) -> Bool {
        sizeHint.map { $0 / largestRatio > largestObject } ?? false
    }
}
