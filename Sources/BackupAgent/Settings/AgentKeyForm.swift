/// What an agent's key looks like: `bkpy_live_` or `bkpy_test_` and 32 letters and digits, or 64 lower-case hex digits.
package enum AgentKeyForm {
    package static let example = "bkpy_live_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

    package static func isRight(_ key: String) -> Bool {
        for prefix in ["bkpy_live_", "bkpy_test_"] where key.hasPrefix(prefix) {
            let rest = key.utf8.dropFirst(prefix.utf8.count)
            return rest.count == 32 && rest.allSatisfy(isAlphanumeric)
        }
        return key.utf8.count == 64 && key.utf8.allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
