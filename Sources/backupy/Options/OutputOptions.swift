internal import ArgumentParser
internal import Glibc

/// How a command speaks.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON on stdout, and an error as JSON on stderr.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    /// Progress is for people: only where stderr is a terminal.
    var showsProgress: Bool { !json && !quiet && isatty(STDERR_FILENO) == 1 }
}
