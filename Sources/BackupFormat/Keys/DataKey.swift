internal import BackupCore
internal import CBackupSystem
package import Crypto

/// The 32 bytes that one backup is encrypted with (DEK). Prints as `***`; wiped when the last reference goes.
///
/// `@unchecked Sendable`: the memory is written in `init` and `deinit` only.
package final class DataKey: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
    package static let byteCount = 32

    private let memory: UnsafeMutableRawBufferPointer

    /// nil when there are not exactly 32 bytes. Makes no other copy of them.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        memory = .allocate(byteCount: Self.byteCount, alignment: 8)
        memory.copyBytes(from: bytes)
    }

    private init(memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    deinit {
        backup_wipe(memory.baseAddress, memory.count)
        memory.deallocate()
    }

    package static func random() -> DataKey {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
        var generator = SystemRandomNumberGenerator()
        for offset in stride(from: 0, to: byteCount, by: 8) {
            memory.storeBytes(of: generator.next(), toByteOffset: offset, as: UInt64.self)
        }
        return DataKey(memory: memory)
    }

    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(memory))
    }

    /// As the library wants it; its memory is wiped by the library.
    package var symmetricKey: SymmetricKey { withBytes { SymmetricKey(data: $0) } }

    /// HKDF-SHA-256 (RFC 5869) with this key as input, an empty salt, and 32 bytes of output.
    package func derived(info: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: symmetricKey, info: Array(info.utf8), outputByteCount: 32)
    }

    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
