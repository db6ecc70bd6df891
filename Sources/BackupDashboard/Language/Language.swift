/// A language of the interface.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case russian = "ru"

    /// As its readers call it.
    package var ownName: String {
        switch self {
        case .english: "English"
        case .russian: "Русский"
        }
    }

    var phrases: any Phrases {
        switch self {
        case .english: English()
        case .russian: Russian()
        }
    }

    /// What a browser asks for, by RFC 9110 section 12.5.4; English where it wants none of ours. Looks at 16 ranges at most.
    package static func preferred(acceptLanguage header: String) -> Language {
        var best: (language: Language, weight: Double) = (.english, 0)
        for range in header.split(separator: ",").prefix(16) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = parts.first?.lowercased() else { continue }
            let weight = parts.dropFirst().first.flatMap { $0.hasPrefix("q=") ? Double($0.dropFirst(2)) : nil } ?? 1
            let language = allCases.first { tag == $0.rawValue || tag.hasPrefix($0.rawValue + "-") }
            guard let language, weight > best.weight else { continue }
            best = (language, weight)
        }
        return best.language
    }
}
