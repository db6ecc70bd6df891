/// Looks for a name that an object of a JSON document has twice: a decoder takes one of them, and says nothing.
///
/// For documents that are valid otherwise. Memory: the names of the objects that are open.
struct RepeatedNames {
    /// The names of an open object; nil for an array.
    private var open: [Set<[UInt8]>?] = []
    private var last: [UInt8] = []

    /// The first such name, as it is written; also one with an escape in it, which could be another's second spelling.
    static func first(in document: [UInt8]) -> String? {
        var search = RepeatedNames()
        return search.first(document)
    }

    private mutating func first(_ document: [UInt8]) -> String? {
        var index = 0
        while index < document.count {
            switch document[index] {
            case UInt8(ascii: "{"): open.append([])
            case UInt8(ascii: "["): open.append(nil)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            case UInt8(ascii: "\""): last = Self.string(document, &index)
            case UInt8(ascii: ":"):
                guard var names = open.last ?? nil else { break }
                let isNew = names.insert(last).inserted
                if !isNew || last.contains(UInt8(ascii: "\\")) { return String(decoding: last, as: UTF8.self) }
                open[open.count - 1] = names
            default: break
            }
            index += 1
        }
        return nil
    }

    /// What is between the quotes; leaves `index` at the second one.
    private static func string(_ document: [UInt8], _ index: inout Int) -> [UInt8] {
        let start = index + 1
        index = start
        while index < document.count, document[index] != UInt8(ascii: "\"") {
            index += document[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return Array(document[start..<min(index, document.count)])
    }
}
