internal import BackupCore
internal import Logging

/// Reads variables one by one, and collects what is wrong with them.
///
/// An empty variable counts as one that is not set: `${NAME}` in a compose file becomes empty where there is no `NAME`.
struct SettingsReader {
    private let environment: [String: String]
    private(set) var problems: [SettingProblem] = []

    init(_ environment: [String: String]) { self.environment = environment }

    func text(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    mutating func report(_ name: String, _ problem: String, example: String) {
        problems.append(SettingProblem(variable: name, problem: problem, example: example))
    }

    mutating func flag(_ name: String) -> Bool {
        switch text(name) {
        case nil, "false", "0": return false
        case "true", "1": return true
        default:
            report(name, "is not true, false, 1 or 0", example: "true")
            return false
        }
    }

    mutating func path(_ name: String, default usual: String, example: String) -> String {
        guard let path = text(name) else { return usual }
        if !path.hasPrefix("/") || path.utf8.contains(0) { report(name, "is not an absolute path", example: example) }
        return path
    }

    mutating func optionalPath(_ name: String, example: String) -> String? {
        text(name) == nil ? nil : path(name, default: "", example: example)
    }

    mutating func logLevel(_ name: String) -> Logger.Level {
        guard let text = text(name) else { return .info }
        if let level = Logger.Level(agentName: text) { return level }
        report(name, "is not one of trace, debug, info, warn, error", example: "info")
        return .info
    }

    mutating func listenAddress(_ name: String, default usual: ListenAddress) -> ListenAddress? {
        guard let text = environment[name] else { return usual }
        if text.isEmpty { return nil }
        if let address = ListenAddress(text) { return address }
        report(name, "is not HOST:PORT; empty turns it off", example: usual.description)
        return nil
    }

    /// Whole seconds, with or without an `s`.
    mutating func seconds(_ name: String, default usual: Int, in range: ClosedRange<Int>) -> Duration {
        guard let text = text(name) else { return .seconds(usual) }
        let digits = text.hasSuffix("s") ? text.dropLast() : text[...]
        if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(digits),
            range.contains(value)
        {
            return .seconds(value)
        }
        report(name, "is not a number of seconds from \(range.lowerBound) to \(range.upperBound)", example: "\(usual)s")
        return .seconds(usual)
    }
}
