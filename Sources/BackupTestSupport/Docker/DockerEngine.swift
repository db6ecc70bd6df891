internal import Foundation
internal import Synchronization

/// A real Docker engine of a test's own, and one image whose programs are this machine's.
package final class DockerEngine: Sendable {
    package let folder: TemporaryFolder
    package var socket: String { folder("docker.sock") }
    private let process: Mutex<TestProcess>
    private let hasNetworks: Bool

    /// - Parameter hasNetworks: only in a network namespace of the test's own: it changes the rules of the firewall.
    package init(hasNetworks: Bool = false) async throws {
        folder = try TemporaryFolder(mode: 0o755)
        self.hasNetworks = hasNetworks
        process = Mutex(try Self.launch(in: folder, hasNetworks: hasNetworks))
        try await waitUntilReady()
        try makeImage()
    }

    private static func launch(in folder: TemporaryFolder, hasNetworks: Bool) throws -> TestProcess {
        let none = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-masq=false"]
        return try TestProcess(
            "/usr/sbin/dockerd",
            [
                "--host", "unix://\(folder("docker.sock"))", "--data-root", folder("data"), "--exec-root",
                folder("exec"),
                "--pidfile", folder("pid"), "--storage-driver=vfs",
            ] + (hasNetworks ? [] : none), log: folder("log"))
    }

    private func waitUntilReady() async throws {
        try await eventually("the engine answers", within: .seconds(60)) { [socket] in
            let (isRunning, words) = process.withLock { ($0.isRunning, $0.words) }
            guard isRunning else { throw TestFailure("dockerd ended: \(words.suffix(2000))") }
            return try TestProcess.run("/usr/bin/docker", ["--host", "unix://\(socket)", "info"]).status == 0
        }
    }

    /// Ends the engine, and its containers with it.
    package func stop() { process.withLock { $0.stop() } }

    /// After ``stop()``, with the same images and containers.
    package func start() async throws {
        let new = try Self.launch(in: folder, hasNetworks: hasNetworks)
        process.withLock { $0 = new }
        try await waitUntilReady()
    }

    deinit {
        _ = try? docker(
            ["rm", "--force", "--volumes"]
                + ((try? docker(["ps", "--quiet", "--all"])) ?? "").split(separator: "\n").map(String.init))
        stop()
    }

    /// Runs the docker program; returns what it prints.
    @discardableResult
    package func docker(_ arguments: [String]) throws -> String {
        let outcome = try TestProcess.run("/usr/bin/docker", ["--host", "unix://\(socket)"] + arguments)
        guard outcome.status == 0 else { throw TestFailure("docker \(arguments.first ?? ""): \(outcome.errors)") }
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    /// Starts a container that runs `command`.
    /// - Parameters:
    ///   - image: another name of the one image, which it then has too.
    ///   - network: none at all, if it is not named.
    package func run(
        _ name: String, _ command: [String], options: [String] = [], image: String = "machine",
        network: String = "none"
    ) throws {
        if image != "machine" { try docker(["tag", "machine", image]) }

        try docker(
            [
                "run", "--detach", "--name", name, "--network", network, "--volume", "/usr:/usr:ro",
                "--volume", "/etc:/etc:ro",
            ]
                + options + [image] + command)
    }

    /// A root directory whose /bin, /lib and so on lead into /usr, which each container gets from this machine.
    private func makeImage() throws {
        let root = folder("root")
        let script = """
            mkdir -p "$1"/usr "$1"/etc "$1"/proc "$1"/sys "$1"/dev "$1"/run/postgresql "$1"/run/mysqld "$1"/data "$1"/tmp "$1"/var
            chmod 1777 "$1"/tmp "$1"/data "$1"/run/postgresql "$1"/run/mysqld
            ln -s /run "$1"/var/run
            cp /etc/passwd /etc/group "$1"/etc
            cp -r /etc/alternatives "$1"/etc
            for name in bin sbin lib lib64; do ln -s usr/$name "$1"/$name; done
            tar -C "$1" -c . | /usr/bin/docker --host "unix://$2" import - machine
            """
        let outcome = try TestProcess.run("/bin/sh", ["-euc", script, "sh", root, socket])
        guard outcome.status == 0 else { throw TestFailure("docker import: \(outcome.errors)") }
    }
}
