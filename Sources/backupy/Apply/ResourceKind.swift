/// A kind of things that a file can declare.
struct ResourceKind: Sendable {
    enum Name: String, Sendable, CaseIterable {
        case storage
        case agent
        case target
        case job
        case channel
    }

    let name: Name
    /// In the file.
    let section: String
    /// Where its list is: below the API, or below its agent.
    let path: String
    /// Whether each belongs to an agent, and has its name from there: `web-1/shop`.
    let isOfAgent: Bool
    let fields: [ResourceField]

    func field(_ name: String) -> ResourceField? { fields.first { $0.name == name } }

    /// In the order in which they are made: each refers only to earlier ones.
    static let all: [ResourceKind] = [storage, agent, target, job, channel]

    static func of(_ name: Name) -> ResourceKind {
        switch name {
        case .storage: storage
        case .agent: agent
        case .target: target
        case .job: job
        case .channel: channel
        }
    }

    private static let storage = ResourceKind(
        name: .storage, section: "storage", path: "/storage-profiles", isOfAgent: false,
        fields: [
            .required("kind"), .text("endpoint"), .text("region"), .text("bucket"), .text("prefix"),
            .yesNo("path_style"), .text("access_key_id"), .secret("secret_access_key"), .text("ca_certificate"),
            .yesNo("is_default"),
        ])

    private static let agent = ResourceKind(
        name: .agent, section: "agents", path: "/agents", isOfAgent: false, fields: [])

    private static let target = ResourceKind(
        name: .target, section: "targets", path: "/targets", isOfAgent: true,
        fields: [
            .required("engine"), .text("host"), .number("port"), .text("database"), .text("username"),
            .secret("password"), .text("secret_reference"), .text("container_id"), .text("strategy"),
        ])

    private static let job = ResourceKind(
        name: .job, section: "jobs", path: "/jobs", isOfAgent: true,
        fields: [
            ResourceField(name: "target", form: .reference(.target, apiName: "target_id"), isRequired: true),
            ResourceField(name: "storage", form: .reference(.storage, apiName: "storage_id"), isRequired: false),
            .yesNo("enabled"), .text("cron"), .number("jitter_sec"), .text("compression"), .text("encryption"),
            .texts("recipients"), .number("retention.days"), .number("retention.last"), .number("retention.hourly"),
            .number("retention.daily"), .number("retention.weekly"), .number("retention.monthly"),
            .number("retention.yearly"), .texts("pre_hooks"), .texts("post_hooks"), .number("retry.max_attempts"),
            .numbers("retry.backoff_seconds"), .number("timeout_sec"), .text("validation"),
        ])

    private static let channel = ResourceKind(
        name: .channel, section: "channels", path: "/notification-channels", isOfAgent: false,
        fields: [.required("kind"), .yesNo("enabled"), .secret("secret")])
}
