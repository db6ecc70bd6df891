internal import BackupAPI
internal import BackupControl
package import BackupControlStore
internal import HTTPTypes
internal import Hummingbird

/// For probes and scrapers.
package struct MetaRoutes: Sendable {
    let database: ControlDatabase
    let metrics: ServerMetrics

    package init(database: ControlDatabase, metrics: ServerMetrics) {
        self.database = database
        self.metrics = metrics
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/healthz", "getHealth", "Whether the process runs.", tag: "meta", may: .open,
                answers: [.ok(StatusDocument.self)], budget: .none
            ) { _ in try .json(StatusDocument(status: "ok")) },
            Endpoint(
                .get, "/readyz", "getReadiness", "Whether requests can be served: the database answers.", tag: "meta",
                may: .open, answers: [.ok(StatusDocument.self)], budget: .none
            ) { _ in
                do {
                    _ = try await database.hasUsers()
                } catch {
                    throw APIError.unavailable("the database does not answer")
                }
                return try .json(StatusDocument(status: "ok"))
            },
            Endpoint(
                .get, "/metrics", "getMetrics", "What the server counts, for Prometheus.", tag: "meta", may: .open,
                answers: [AnswerShape(.ok, "text format 0.0.4", mediaType: "text/plain")], budget: .none
            ) { _ in .text(metrics.exposition, mediaType: "text/plain; version=0.0.4; charset=utf-8") },
        ]
    }
}
