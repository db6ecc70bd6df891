internal import Synchronization

/// What a handler adds to the audit log's entry of its request.
package final class AuditNote: Sendable {
    private let object = Mutex<(id: String, name: String)?>(nil)

    package init() {}

    /// - Parameters:
    ///   - id: of a thing that was just made.
    ///   - name: for people; never a secret.
    package func concerns(_ id: String, name: String = "") { object.withLock { $0 = (id, name) } }

    var objectID: String? { object.withLock { $0?.id } }
    var objectName: String? { object.withLock { $0.map(\.name) } }
}
