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
    let isRequired: Bool

    /// A value that reads as false says whether the server has such a secret already, under this name.
    var presence: String { "has_\(name)" }

    static func text(_ name: String) -> Self { Self(name: name, form: .text, isRequired: false) }
    static func required(_ name: String) -> Self { Self(name: name, form: .text, isRequired: true) }
    static func number(_ name: String) -> Self { Self(name: name, form: .number, isRequired: false) }
    static func yesNo(_ name: String) -> Self { Self(name: name, form: .yesNo, isRequired: false) }
    static func texts(_ name: String) -> Self { Self(name: name, form: .texts, isRequired: false) }
    static func numbers(_ name: String) -> Self { Self(name: name, form: .numbers, isRequired: false) }
    static func secret(_ name: String) -> Self { Self(name: name, form: .secret, isRequired: false) }
}
