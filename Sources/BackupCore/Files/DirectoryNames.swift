internal import Glibc

/// What is in a directory.
package enum DirectoryNames {
    /// Every name but `.` and `..`, in no order. Memory: all of them.
    /// - Throws: ``CoreError/systemCall(_:on:errno:)``, also when the listing breaks off: a part of it is no answer.
    package static func of(_ path: String) throws(CoreError) -> [String] {
        guard let listing = opendir(path) else { throw .systemCall("opendir", on: path, errno: errno) }
        defer { closedir(listing) }
        return try all(of: listing, path, atMost: .max)
    }

    /// The same of a directory that is open, which stays the same whatever happens to its path.
    /// - Parameter limit: more are not read.
    package static func of(descriptor: Int32, _ path: String, atMost limit: Int) throws(CoreError) -> [String] {
        // A descriptor of its own, with a position of its own: closedir(3) closes it.
        let copy = openat(descriptor, ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard copy >= 0 else { throw .systemCall("openat", on: path, errno: errno) }
        guard let listing = fdopendir(copy) else {
            let failure = errno
            close(copy)
            throw .systemCall("fdopendir", on: path, errno: failure)
        }
        defer { closedir(listing) }
        return try all(of: listing, path, atMost: limit)
    }

    private static func all(of listing: OpaquePointer, _ path: String, atMost limit: Int) throws(CoreError) -> [String]
    {
        var names: [String] = []
        while names.count < limit {
            errno = 0
            guard let entry = readdir(listing) else { break }
            let name = self.name(of: entry)
            if name != ".", name != ".." { names.append(name) }
        }
        guard names.count >= limit || errno == 0 else { throw .systemCall("readdir", on: path, errno: errno) }
        return names
    }

    // An entry is as long as its name. Read as a `dirent`, it would be copied with the memory behind it, which may not be
    // there.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
        return String(decoding: UnsafeBufferPointer(start: start, count: strlen(start)), as: UTF8.self)
    }
}
