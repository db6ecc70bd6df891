/// An agent in a list.
struct AgentText {
    let row: [String]

    init(_ agent: JSONValue) {
        func text(_ name: String) -> String { agent[name]?.shown ?? "" }
        let isConnected = agent["is_connected"]?.bool == true
        let state = isConnected ? "connected" : (agent["last_seen_at"] ?? .null).isNull == false ? "gone" : "never seen"
        row = [text("name"), state, text("version"), text("hostname"), text("last_seen_at"), text("id")]
    }
}
