package import BackupAPI
package import HTTPTypes

/// An answer that an endpoint may give, as its document tells.
package struct AnswerShape: Sendable {
    package let status: HTTPResponse.Status
    package let about: String
    package let mediaType: String
    /// nil: no JSON, or nothing at all.
    package let schema: Schema?

    package init(
        _ status: HTTPResponse.Status, _ about: String, mediaType: String = "application/json", schema: Schema? = nil
    ) {
        self.status = status
        self.about = about
        self.mediaType = mediaType
        self.schema = schema
    }

    package static func ok(_ document: any APIDocument.Type, _ about: String = "done") -> Self {
        Self(.ok, about, schema: document.schema)
    }
    package static func created(_ document: any APIDocument.Type) -> Self {
        Self(.created, "made", schema: document.schema)
    }
    package static func accepted(_ document: any APIDocument.Type) -> Self {
        Self(.accepted, "it will be done", schema: document.schema)
    }
    package static let noContent = Self(.noContent, "done", mediaType: "")
    /// Another thing has the name, or the state does not allow it.
    package static let conflict = Self(.conflict, "it can't be so beside what is there", schema: ErrorDocument.schema)
    /// Something else has to be done first.
    package static let precondition = Self(
        .preconditionFailed, "something has to be done before", schema: ErrorDocument.schema)
    /// The login that came with the request is no good.
    package static let refused = Self(.unauthorized, "it proves nothing", schema: ErrorDocument.schema)
    package static let forbidden = Self(.forbidden, "the caller may not", schema: ErrorDocument.schema)
    package static let notFound = Self(.notFound, "there is no such thing", schema: ErrorDocument.schema)
    /// For refusals that a schema can't tell of.
    package static let invalid = Self(.badRequest, "something is not what it must be", schema: ErrorDocument.schema)
}
