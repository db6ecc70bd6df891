package import BackupControl
internal import BackupCore
package import FoundationEssentials
package import Hummingbird
internal import HTTPTypes
internal import Logging

/// The REST API: all endpoints behind what they have in common.
package struct API: Sendable {
    package let table: EndpointTable
    let access: AccessCheck
    let audit: any AuditStore
    let idempotency: IdempotencyKeys
    let limits: APILimits
    let gates: RequestGates
    let addresses: ClientAddress
    let metrics: ServerMetrics
    let now: @Sendable () -> Date
    /// Whether each answer is held against its schema, and one that breaks it becomes a 500: for tests.
    let checksAnswers: Bool
    /// Whether browsers reach us by TLS only.
    let isSecure: Bool

    package init(
        table: EndpointTable, authenticator: any Authenticator, audit: any AuditStore,
        idempotency: any IdempotencyStore, limits: APILimits = APILimits(), trustedProxies: [AddressRange] = [],
        metrics: ServerMetrics, isSecure: Bool = false, checksAnswers: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.table = table
        access = AccessCheck(authenticator: authenticator)
        self.audit = audit
        self.idempotency = IdempotencyKeys(store: idempotency)
        self.limits = limits
        gates = RequestGates(limits)
        addresses = ClientAddress(trustedProxies: trustedProxies)
        self.metrics = metrics
        self.now = now
        self.checksAnswers = checksAnswers
        self.isSecure = isSecure
    }

    /// Adds all routes; the OpenAPI document of them is one.
    package func add(to router: Router<ServerContext>) throws {
        let document = try OpenAPIDocument(table).json
        router.add(middleware: ErrorShape(api: self))
        for endpoint in table.endpoints + [OpenAPIDocument.endpoint(document)] {
            router.on(
                RouterPath(endpoint.path), method: endpoint.method,
                responder: EndpointResponder(endpoint: endpoint, api: self))
        }
    }

    func address(of request: Request, _ context: ServerContext) -> String {
        let forwarded = HTTPField.Name("X-Forwarded-For").map { request.headers[values: $0] } ?? []
        return addresses.of(peer: context.peerAddress, forwarded: forwarded)
    }
}
