internal import ArgumentParser

/// What only a download through a server has.
struct RemoteDownloadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The run whose backup it is, as 'backupy runs' prints it.", valueName: "RUN"))
    var run: String?

    @Option(
        help: ArgumentHelp(
            "Also write a token (0600) that opens it for 15 minutes, where the server has its key: for an admin.",
            valueName: "file"))
    var decryptionToken: String?

    @OptionGroup var server: ServerOptions

    /// One that was given.
    var given: String? {
        if decryptionToken != nil { return "--decryption-token" }
        if server.server != nil { return "--server" }
        return server.tokenFile == nil ? nil : "--token-file"
    }
}
