internal import Foundation

/// A network namespace with one link to this machine, which can be cut (veth(4), network_namespaces(7)). Only root can make one.
package final class TestNetwork: Sendable {
    /// This machine's, as it is seen from inside.
    package let address: String
    private let name: String
    private let link: String

    /// - Returns: nil where this can't be made here; why, is printed.
    package init?() throws {
        guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: Self.ip) else {
            print("skipped: only root can make a network namespace, and with iproute2")
            return nil
        }
        // Several test runs on one machine must not meet.
        let number = Int.random(in: 0..<16384)
        name = "backupy-test-\(number)"
        link = "bkpy\(number)"
        let subnet = "10.213.\(number / 64)."
        address = subnet + "\(number % 64 * 4 + 1)"
        let made = try TestProcess.run(Self.ip, ["netns", "add", name])
        guard made.status == 0 else {
            print("skipped: no network namespace: \(made.errors)")
            return nil
        }
        for arguments in [
            ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name],
            ["addr", "add", "\(address)/30", "dev", link], ["link", "set", link, "up"],
            ["-n", name, "addr", "add", "\(subnet)\(number % 64 * 4 + 2)/30", "dev", "eth0"],
            ["-n", name, "link", "set", "eth0", "up"], ["-n", name, "link", "set", "lo", "up"],
        ] { try Self.run(arguments) }
    }

    /// The veth pair goes with the namespace.
    deinit { _ = try? TestProcess.run(Self.ip, ["netns", "del", name]) }

    /// What stands before a program that is to run inside.
    /// - Parameter hosts: a file that is its /etc/hosts.
    package func command(hosts: String) -> [String] {
        [Self.ip, "netns", "exec", name, "/bin/sh", "-euc", "mount --bind \(hosts) /etc/hosts; exec \"$@\"", "sh"]
    }

    /// Both ends see it: there is no carrier any more.
    package func setLink(isUp: Bool) throws { try Self.run(["link", "set", link, isUp ? "up" : "down"]) }

    /// Nobody sees it: what is sent is dropped on the way, by a wrong address of the hardware.
    package func setSilent(_ isSilent: Bool) throws {
        let neighbour = ["-n", name, "neigh", "replace", address, "dev", "eth0"]
        try Self.run(
            isSilent
                ? neighbour + ["lladdr", "02:00:00:00:00:99", "nud", "permanent"]
                : ["-n", name, "neigh", "del", address, "dev", "eth0"])
    }

    private static let ip = "/usr/sbin/ip"

    private static func run(_ arguments: [String]) throws {
        let outcome = try TestProcess.run(ip, arguments)
        guard outcome.status == 0 else { throw TestFailure("ip \(arguments): \(outcome.errors)") }
    }
}
