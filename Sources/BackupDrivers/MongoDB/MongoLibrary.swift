internal import BackupCore
internal import CMongo

/// libmongoc, loaded when a MongoDB is first spoken of; a process without one never has it.
enum MongoLibrary {
    private static let loaded: Result<backup_mongo_functions, DriverError> = {
        withUnsafeTemporaryAllocation(of: backup_mongo_functions.self, capacity: 1) { space in
            guard let functions = space.baseAddress else {
                return .failure(.libraryNotLoaded(name, reason: "no memory"))
            }
            var reason = [CChar](repeating: 0, count: 512)
            guard backup_mongo_load(functions, &reason, reason.count) else {
                let words = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return .failure(.libraryNotLoaded(name, reason: LastWords.sentence(words)))
            }
            functions.pointee.`init`()
            // Its own words would stand between ours; what goes wrong comes back as an error.
            functions.pointee.log_set_handler(nil, nil)
            return .success(functions.pointee)
        }
    }()
    private static let name = "libmongoc"

    /// - Throws: ``DriverError/libraryNotLoaded(_:reason:)``, each time: who installs it starts us again.
    static func functions() throws(DriverError) -> backup_mongo_functions { try loaded.get() }
}
