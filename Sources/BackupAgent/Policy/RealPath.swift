internal import Glibc

/// Where a path leads, past `..` and symbolic links: `/data/../etc/x` is not in `/data`, whatever it begins with.
enum RealPath {
    /// - Returns: `path` itself where not even its directory exists, so that nothing can be read or made there.
    static func of(_ path: String) -> String {
        if let real = resolved(path) { return real }
        guard let slash = path.lastIndex(of: "/") else { return path }
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        guard let real = resolved(directory) else { return path }
        return (real == "/" ? "" : real) + path[slash...]
    }

    private static func resolved(_ path: String) -> String? {
        guard !path.utf8.contains(0), let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
