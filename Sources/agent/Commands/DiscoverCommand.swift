internal import ArgumentParser
internal import BackupAgent
internal import FoundationEssentials

struct DiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Look once for databases in this host's containers.",
        discussion: "The Docker socket is BACKUPY_DOCKER_SOCKET, /var/run/docker.sock by default.")

    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let found = try await DiscoveryTable.read(environment: ProcessInfo.processInfo.environment)
        if json { try Console.print(json: found) } else { Console.print(found.text) }
    }
}
