internal import ArgumentParser

/// What only a restore through a server has.
struct RemoteRestoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The run whose backup it is, as 'backupy runs' prints it.", valueName: "RUN"))
    var run: String?

    @Option(help: ArgumentHelp("Another database of the target's server.", valueName: "DATABASE"))
    var into: String?

    @Option(
        name: .customLong("agent-identity"),
        help: ArgumentHelp(
            "Where the agent's host keeps the private key: file:PATH or env:NAME.", valueName: "reference"))
    var identityReference: String?

    @Flag(help: "Wait for its end, with progress.")
    var wait = false

    @OptionGroup var server: ServerOptions

    /// One that was given.
    var given: String? {
        if into != nil { return "--into" }
        if identityReference != nil { return "--agent-identity" }
        if wait { return "--wait" }
        if server.server != nil { return "--server" }
        return server.tokenFile == nil ? nil : "--token-file"
    }
}
