/// The name of an image, without what says nothing of its content: registry, tag, digest, case.
struct ImageName: Equatable {
    /// `bitnami/postgresql`; without the `library/` of Docker's own.
    let repository: String
    /// The last part of it: `postgresql`.
    var last: Substring { repository.split(separator: "/").last ?? "" }

    init(_ reference: String) {
        var name = reference.lowercased()[...]
        if let digest = name.firstIndex(of: "@") { name = name[..<digest] }
        // A colon before the last slash is a registry's port.
        let start = name.lastIndex(of: "/") ?? name.startIndex
        if let tag = name[start...].firstIndex(of: ":") { name = name[..<tag] }
        var parts = name.split(separator: "/")
        // As Docker tells a registry from a name: it has a dot or a port, or is localhost.
        if parts.count > 1, let first = parts.first, first.contains(".") || first.contains(":") || first == "localhost"
        {
            parts.removeFirst()
        }
        if parts.first == "library" { parts.removeFirst() }
        repository = parts.joined(separator: "/")
    }

    /// The words of the last part, without numbers at their ends: `mysql` and `c` for `mysql80-c9`.
    var words: [Substring] {
        last.split { "-_.".contains($0) }
            .map { word in word.dropLast(word.reversed().prefix { $0.isNumber }.count) }
            .filter { !$0.isEmpty }
    }
}
