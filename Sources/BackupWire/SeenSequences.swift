/// Which sequence numbers of a connection have been seen: the highest, and which of the 64 below it.
///
/// Numbers may come slightly out of order, from a peer that numbers first and then sends from several threads. What is further
/// behind counts as seen. 16 bytes, whatever the peer sends.
package struct SeenSequences: Sendable {
    private var highest: UInt64 = 0
    /// Bit n: `highest - 1 - n` was seen.
    private var below: UInt64 = 0

    package init() {}

    /// True the first time for each number. 0 is no number.
    package mutating func insert(_ number: UInt64) -> Bool {
        guard number > 0 else { return false }
        if number > highest {
            let step = number - highest
            // The old highest becomes one of those below. Swift's shifts give 0 beyond the width.
            below = (below << step) | (1 << (step - 1))
            highest = number
            return true
        }
        let distance = highest - number
        guard (1...64).contains(distance) else { return false }
        let bit: UInt64 = 1 << (distance - 1)
        guard below & bit == 0 else { return false }
        below |= bit
        return true
    }
}
