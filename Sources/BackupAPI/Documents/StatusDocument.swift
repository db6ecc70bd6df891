package struct StatusDocument: APIDocument {
    package let status: String

    package init(status: String) { self.status = status }

    package static let schema = Schema.named("Status", [.required("status", .choice(["ok"]))])
}
