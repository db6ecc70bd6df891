/// Strings that Redis has compressed (liblzf, lzf_d.c).
enum LZF {
    /// nil for what is not LZF of `size` bytes.
    static func decompress(_ bytes: [UInt8], size: Int) -> [UInt8]? {
        // A repetition makes at most 264 bytes of 3: a size beyond that is a lie, and room for it would be a waste.
        guard size <= bytes.count * 88 else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(size)
        var input = bytes[...]
        while let control = input.popFirst() {
            if control < 32 {
                // So many bytes as they are, and one more.
                let count = Int(control) + 1
                guard input.count >= count, output.count + count <= size else { return nil }
                output += input.prefix(count)
                input = input.dropFirst(count)
                continue
            }
            // A repetition: its length in the upper three bits, how far back it is in the rest and the byte behind.
            var count = Int(control >> 5)
            if count == 7 {
                guard let more = input.popFirst() else { return nil }
                count += Int(more)
            }
            guard let low = input.popFirst() else { return nil }
            let distance = (Int(control & 0x1f) << 8 | Int(low)) + 1
            guard distance <= output.count, output.count + count + 2 <= size else { return nil }
            for _ in 0..<count + 2 { output.append(output[output.count - distance]) }
        }
        return output.count == size ? output : nil
    }
}
