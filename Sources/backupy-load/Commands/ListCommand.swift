internal import ArgumentParser
internal import FoundationEssentials

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Ask for pages of runs by random filters, and see how long each answer takes.")

    @OptionGroup var load: LoadOptions

    @Option(help: "How many requests.")
    var requests = 1000

    @Option(help: ArgumentHelp("Unix seconds: the time of the first run.", valueName: "seconds"))
    var from: Int

    @Option(help: ArgumentHelp("Unix seconds: the time of the last run.", valueName: "seconds"))
    var to: Int

    private struct Page: Decodable {
        let items: [LoadAPI.Made]
        let next_cursor: String?
    }

    func run() async throws {
        var results = Results()
        try await load.withSurroundings { surroundings in
            var (times, rows, cursor, filter): ([Duration], Int, String?, String) = ([], 0, nil, "")
            for _ in 0..<requests {
                // Three times out of four people look at a first page.
                if cursor == nil || Int.random(in: 0..<4) > 0 {
                    (cursor, filter) = (nil, self.filter(surroundings.roster))
                }
                let path =
                    "/v1/runs?limit=\([20, 50, 100].randomElement() ?? 50)\(filter)\(cursor.map { "&cursor=\($0)" } ?? "")"
                let began = ContinuousClock.now
                let answer = try await surroundings.api.get(path)
                times.append(.now - began)
                guard let page = try? JSONDecoder().decode(Page.self, from: Data(answer)) else {
                    throw LoadError.unexpectedAnswer("GET \(path)")
                }
                rows += page.items.count
                cursor = page.next_cursor
            }
            results.add("requests", "requests", times.count)
            results.add("rows in their answers", "rows", rows)
            results.add("answer", "list", times)
        }
        try results.print(asJSON: load.json)
    }

    /// None, one or several of what the API offers.
    private func filter(_ roster: [Roster.Entry]) -> String {
        var filter = ""
        if Bool.random(), let agent = roster.randomElement() { filter += "&agent_id=\(agent.id)" }
        if Bool.random() {
            let status = ["success", "failed", "cancelled", "lost", "running"].randomElement() ?? "success"
            filter += "&status=\(status)"
        }
        if Bool.random(), from < to {
            let ends = [Int.random(in: from...to), Int.random(in: from...to)].sorted()
            filter += "&from=\(Self.time(ends[0]))&to=\(Self.time(ends[1]))"
        }
        return filter
    }

    private static func time(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
