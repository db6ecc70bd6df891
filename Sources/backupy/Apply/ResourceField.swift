/// A field of a thing, as it stands in a file and in the API: the names are the same.
struct ResourceField: Sendable, Equatable {
    enum Form: Sendable, Equatable {
        case text
        case number
        case yesNo
        case texts
        case numbers
        /// Given by reference, and never read back.
        case secret
        /// The name of another thing; in the API its id, under `apiName`.
        case reference(ResourceKind.Name, apiName: String)
    }

    /// A dot leads into an object: `retention.days`.
    let name: String
    let form: Form
    var isRequired = false
    /// Whether it is what the thing was made with, for ever.
    var isFixed = false
    /// Of texts: whether another order is another value.
    var isOrdered = true
    /// Of a secret: the name under which the API tells whether it has one.
    var presence = ""

    var apiName: String { if case .reference(_, let apiName) = form { apiName } else { name } }

    static func text(_ name: String) -> Self { Self(name: name, form: .text) }
    static func required(_ name: String) -> Self { Self(name: name, form: .text, isRequired: true) }
    static func number(_ name: String) -> Self { Self(name: name, form: .number) }
    static func yesNo(_ name: String) -> Self { Self(name: name, form: .yesNo) }
    static func texts(_ name: String) -> Self { Self(name: name, form: .texts) }
    static func numbers(_ name: String) -> Self { Self(name: name, form: .numbers) }
}
