/// A list of the server's, as JSON for machines: its items as the API gives them.
struct ServerList: Encodable {
    let items: [JSONValue]
}
