internal import Glibc

/// Where the tools of a database are on this machine, and what they inherit.
struct ToolBox: Sendable {
    private let environment: [String: String]

    init(environment: [String: String]) { self.environment = environment }

    /// Every executable file called `name` in PATH and in `places`, in that order.
    func find(_ name: String, alsoIn places: [String] = []) -> [String] {
        let path = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        return (path + places).filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.filter { access($0, X_OK) == 0 }
    }

    /// The variables that a tool gets: what concerns its own work and the system's libraries.
    ///
    /// An allow-list, because our environment may hold the keys of the store.
    /// - Parameter prefixes: of the variables that are the tool's own: `PG`.
    func environment(prefixes: [String]) -> [String: String] {
        let names: Set = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"]
        let prefixes = prefixes + ["LC_", "KRB5", "SSL_CERT_", "LD_LIBRARY_PATH"]
        return environment.filter { variable in
            names.contains(variable.key) || prefixes.contains { variable.key.hasPrefix($0) }
        }
    }
}
