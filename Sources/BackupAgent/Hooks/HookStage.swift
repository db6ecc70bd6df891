/// When a hook runs.
package enum HookStage: String, Sendable {
    case before = "pre-hook"
    case after = "post-hook"
}
