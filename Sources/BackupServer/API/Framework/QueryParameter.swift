package import BackupAPI

package struct QueryParameter: Sendable {
    package let name: String
    package let schema: Schema
    package let about: String
    package let isRequired: Bool

    package init(_ name: String, _ schema: Schema, _ about: String, isRequired: Bool = false) {
        self.name = name
        self.schema = schema
        self.about = about
        self.isRequired = isRequired
    }

    /// What every list takes.
    package static let page = pages(.cursor)
    /// Of a list that goes by numbers.
    package static let numberedPage = pages(.numberCursor)

    private static func pages(_ form: TextForm) -> [QueryParameter] {
        [
            QueryParameter("limit", .integer(1...100), "How many at most; 50 if not said."),
            QueryParameter("cursor", .text(form, length: 2...120), "The next_cursor of the piece before."),
        ]
    }
}
