internal import ArgumentParser

struct AgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "The server's agents: list, add, remove, rotate-key.",
        subcommands: [List.self, Add.self, Remove.self, RotateKey.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Show the agents (the default).")

        @OptionGroup(title: "Server") var remote: RemoteOptions
        @OptionGroup(title: "Output") var output: OutputOptions

        func run() async throws {
            let agents = try await remote.withServer { try await ServerNames(server: $0).agents() }
            if output.json { return try Console.print(json: ServerList(items: agents)) }
            guard !agents.isEmpty else {
                return try Console.print(lines: ["no agents: 'backupy agents add NAME' makes one"])
            }
            var table = TextTable(["NAME", "STATE", "VERSION", "HOST", "LAST SEEN", "ID"])
            for agent in agents { table.add(AgentText(agent).row) }
            try Console.print(lines: table.lines)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Make an agent, and print its key, once.",
            discussion:
                "What is printed is fit to be pasted into a docker-compose.yml beside the databases; for a server on this machine, into a shell."
        )

        @Argument(help: "What it shall be called.")
        var name: String

        @OptionGroup(title: "Server") var remote: RemoteOptions
        @OptionGroup(title: "Output") var output: OutputOptions

        func run() async throws {
            let name = name
            let (answer, server) = try await remote.withServer { server in
                let answer: JSONValue = try await server.post("/agents", ["name": name])
                return (answer, server.server)
            }
            guard let key = answer["key"]?.text else { throw RemoteError.unexpectedAnswer(server) }
            if output.json { return try Console.print(json: answer) }
            try Console.print(
                lines: ["Agent \(name) is made. Its key is shown only now:", ""]
                    + AgentStart(server, key: key).lines)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Remove an agent with its targets and jobs. Its backups stay in their store.")

        @Argument(help: "The agent's name or id.")
        var agent: String

        @Flag(help: "Don't ask.")
        var yes = false

        @OptionGroup(title: "Server") var remote: RemoteOptions
        @OptionGroup(title: "Output") var output: OutputOptions

        func run() async throws {
            let (name, yes) = (agent, yes)
            let removed = try await remote.withServer { server in
                let agent = try await ServerNames(server: server).agent(name)
                guard let id = agent["id"]?.text else { throw RemoteError.unexpectedAnswer(server.server) }
                guard try yes || TerminalQuestion.confirm("Remove agent \(agent["name"]?.text ?? id)?") else {
                    throw ApplyError.notConfirmed
                }
                try await server.delete("/agents/\(id)")
                return agent
            }
            if output.json { return try Console.print(json: removed) }
            try Console.print(lines: ["Agent \(removed["name"]?.text ?? name) is removed"])
        }
    }

    struct RotateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-key",
            abstract: "Give an agent a new key, and print it, once. The old one is good for nothing from then on.")

        @Argument(help: "The agent's name or id.")
        var agent: String

        @OptionGroup(title: "Server") var remote: RemoteOptions
        @OptionGroup(title: "Output") var output: OutputOptions

        func run() async throws {
            let name = agent
            let (answer, server) = try await remote.withServer { server in
                let agent = try await ServerNames(server: server).agent(name)
                let answer: JSONValue = try await server.post(
                    "/agents/\(agent["id"]?.text ?? name)/rotate-key", [String: String]())
                return (answer, server.server)
            }
            guard let key = answer["key"]?.text else { throw RemoteError.unexpectedAnswer(server) }
            if output.json { return try Console.print(json: answer) }
            try Console.print(lines: ["The new key of agent \(name) is shown only now:", "", "  \(key)"])
        }
    }
}
