/// Forms of a noun beside a number.
enum Plural {
    static func english(_ count: Int, _ one: String, _ other: String) -> String {
        "\(count) \(count == 1 ? one : other)"
    }

    /// By CLDR's rules for whole numbers: 1 файл, 2 файла, 5 файлов, 11 файлов, 21 файл.
    static func russian(_ count: Int, _ one: String, _ few: String, _ many: String) -> String {
        "\(count) \(russianForm(count, one, few, many))"
    }

    static func russianForm(_ count: Int, _ one: String, _ few: String, _ many: String) -> String {
        let tail = count.magnitude % 100
        switch (tail, tail % 10) {
        case (11...14, _): return many
        case (_, 1): return one
        case (_, 2...4): return few
        default: return many
        }
    }
}
