/// Where a hook runs, and what: its text taken apart.
///
/// `docker exec CONTAINER COMMAND` runs all of COMMAND, whatever is in it, by the shell of that container, over the Docker
/// API: there is no docker program beside the agent. Everything else is for the shell of the agent's own machine.
struct HookCommand: Equatable {
    /// nil: the agent's own machine.
    let container: String?
    let text: String

    /// Why a text can't be run.
    struct Misformed: Error, Equatable {
        let reason: String
    }

    init(_ hook: String) throws(Misformed) {
        guard !hook.utf8.contains(0) else { throw Misformed(reason: "it has a zero byte") }
        guard let match = hook.wholeMatch(of: /\s*docker\s+exec(?:\s+(?s:(.*)))?/) else {
            guard hook.contains(where: { !$0.isWhitespace }) else { throw Misformed(reason: "it is empty") }
            (container, text) = (nil, hook)
            return
        }
        let words = match.1 ?? ""
        guard !words.hasPrefix("-") else { throw Misformed(reason: "docker exec takes no options here") }
        let name = words.prefix { !$0.isWhitespace }
        let command = words.dropFirst(name.count).drop(while: \.isWhitespace)
        guard !name.isEmpty, !command.isEmpty else {
            throw Misformed(reason: "docker exec needs a container and a command")
        }
        (container, text) = (String(name), String(command))
    }
}
