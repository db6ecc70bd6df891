internal import Crypto

/// One number for what a schema consists of, whatever the order in which the catalogue lists it.
enum SchemaDigest {
    /// SHA-256 in lower-case hex over the lines, sorted by their bytes.
    static func of(_ lines: [String]) -> String {
        var hash = SHA256()
        for line in lines.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            hash.update(data: Array(line.utf8))
            hash.update(data: [0])
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 2 ? digits : "0" + digits
        }.joined()
    }
}
