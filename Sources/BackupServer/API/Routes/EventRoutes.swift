internal import BackupAPI
internal import BackupControl
internal import HTTPTypes
internal import Hummingbird

/// The live stream.
struct EventRoutes: Sendable {
    let store: any EventStore
    let hub: EventHub
    /// How often it is looked up whether whoever listens still may.
    let listenerCheck: Duration

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/events", "listenEvents",
                "What happens, as server-sent events. Last-Event-ID resumes; whoever is too slow is dropped.",
                tag: "events", may: .role(.viewer),
                query: [
                    QueryParameter(
                        "topics", .text(.topics, length: 1...100),
                        "Of jobs, agents, restores and incidents, with commas between them; all, if not said.")
                ],
                answers: [AnswerShape(.ok, "a stream", mediaType: "text/event-stream")], handler: listen)
        ]
    }

    private func listen(_ call: APICall) async throws -> Answer {
        let topics = Set((call.query["topics"] ?? "").split(separator: ",").map(String.init))
        let last = HTTPField.Name("Last-Event-ID").flatMap { call.headers[$0] }.flatMap { Int64($0) }
        let reader = try EventReader(
            store: store, hub: hub, user: try call.caller.user.id, topics: topics, after: last,
            permit: .init(interval: listenerCheck, isValid: call.isStillAllowed))
        return Answer(.ok, .stream(mediaType: "text/event-stream") { try await reader.next() })
    }
}
