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
    package static let page = [
        QueryParameter("limit", .integer(1...100), "How many at most; 50 if not said."),
        QueryParameter("cursor", .text(.token, length: 1...500), "The next_cursor of the piece before."),
    ]
}
