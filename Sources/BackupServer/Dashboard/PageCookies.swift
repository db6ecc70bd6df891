internal import BackupDashboard
internal import HTTPTypes
internal import Hummingbird

/// The reader's choice of colours and language. Until there is one, the browser's.
struct PageCookies {
    private static let theme = "backupy_theme"
    private static let language = "backupy_language"

    let theme: PageContext.Theme
    let language: Language

    init(_ request: Request) {
        let cookies = request.cookies
        theme = cookies[Self.theme].flatMap { PageContext.Theme(rawValue: $0.value) } ?? .system
        language =
            cookies[Self.language].flatMap { Language(rawValue: $0.value) }
            ?? Language.preferred(acceptLanguage: request.headers[.acceptLanguage] ?? "")
    }

    /// What is none of ours is left as it is.
    static func set(theme: String, language: String, isSecure: Bool) -> [String] {
        let end = "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
        return [
            PageContext.Theme(rawValue: theme).map { "\(Self.theme)=\($0.rawValue)\(end)" },
            Language(rawValue: language).map { "\(Self.language)=\($0.rawValue)\(end)" },
        ].compactMap { $0 }
    }
}
