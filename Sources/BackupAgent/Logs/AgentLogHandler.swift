internal import Logging

/// swift-log's way into an ``AgentLog``.
struct AgentLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let log: AgentLog
    /// Of this one logger; else the log's own.
    private var ownLevel: Logger.Level?

    init(log: AgentLog) { self.log = log }

    var logLevel: Logger.Level {
        get { ownLevel ?? log.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: Logging.LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        log.write(event.level, event.message.description, error: event.error, metadata: all)
    }
}
