/// A hook that has run.
package struct HookOutcome: Sendable {
    /// `pre-hook 2`; hooks may hold secrets, so they are named by number.
    package let name: String
    package let duration: Duration
    /// The last 8 KiB of it, secrets hidden.
    package let output: String
    /// nil: it went well.
    package let error: AgentError?
}
