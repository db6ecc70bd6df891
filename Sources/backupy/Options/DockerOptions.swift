internal import ArgumentParser
internal import BackupCore
internal import BackupDrivers
internal import FoundationEssentials

/// Where the database's tools run.
struct DockerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Use the tools inside of this container, over the Docker API; the URL is then as it is in there.",
            valueName: "NAME"))
    var container: String?

    @Option(
        help: ArgumentHelp("The engine's socket. Default: DOCKER_HOST, or /var/run/docker.sock.", valueName: "PATH"))
    var dockerSocket: String?

    /// The driver for `url`, with the tools of the container, if one was given.
    func driver(for url: String) throws -> any DatabaseDriver {
        let environment = ProcessInfo.processInfo.environment
        let socket = dockerSocket ?? environment["DOCKER_HOST"] ?? ContainerReference.defaultSocket
        let reference = try container.map { try ContainerReference($0, socket: socket) }
        return try DriverRegistry.driver(for: url, environment: environment, container: reference)
    }
}
