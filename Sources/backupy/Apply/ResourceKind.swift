/// A kind of things that a file can declare.
struct ResourceKind: Sendable {
    enum Name: String, Sendable, CaseIterable {
        case storage
        case agent
        case target
        case job
        case channel
        case check
    }

    let name: Name
    /// In the file.
    let section: String
    /// Where its list is: below the API, or below its agent.
    let path: String
    /// Whether each belongs to an agent, and has its name from there: `web-1/shop`.
    let isOfAgent: Bool
    /// Where the list is not below the agent: the field, and the query's parameter, that names it.
    var ownerField: String?
    let fields: [ResourceField]

    func field(_ name: String) -> ResourceField? { fields.first { $0.name == name } }

    /// In the order in which they are made: each refers only to earlier ones.
    static let all: [ResourceKind] = [storage, agent, target, job, channel, check]

    static func of(_ name: Name) -> ResourceKind {
        switch name {
        case .storage: storage
        case .agent: agent
        case .target: target
        case .job: job
        case .channel: channel
        case .check: check
        }
    }

    /// The server's own directory is no profile that anybody declares; jobs may name it all the same.
    private static let storage = ResourceKind(
        name: .storage, section: "storage", path: "/storage-profiles", isOfAgent: false,
        fields: [
            .text("endpoint"), .text("region"), .required("bucket"), .text("prefix"), .yesNo("is_path_style"),
            .required("access_key_id"),
            ResourceField(name: "secret_access_key", form: .secret, isRequired: true, presence: "has_secret"),
            .text("ca_certificate"), .yesNo("is_default"),
        ])

    private static let agent = ResourceKind(
        name: .agent, section: "agents", path: "/agents", isOfAgent: false, fields: [])

    private static let target = ResourceKind(
        name: .target, section: "targets", path: "/targets", isOfAgent: true,
        fields: [
            ResourceField(name: "engine", form: .text, isRequired: true, isFixed: true), .text("host"),
            .number("port"), .text("database"), .text("username"),
            ResourceField(name: "password", form: .secret, presence: "has_password"), .text("secret_reference"),
            .text("container_id"), .text("strategy"),
        ])

    private static let job = ResourceKind(
        name: .job, section: "jobs", path: "/jobs", isOfAgent: true,
        fields: [
            ResourceField(
                name: "target", form: .reference(.target, apiName: "target_id"), isRequired: true, isFixed: true),
            ResourceField(name: "storage", form: .reference(.storage, apiName: "storage_id")), .yesNo("is_enabled"),
            .text("cron"), .number("jitter_s"), .text("compression"), .text("encryption"), .texts("recipients"),
            .number("retention.days"), .number("retention.last"), .number("retention.hourly"),
            .number("retention.daily"), .number("retention.weekly"), .number("retention.monthly"),
            .number("retention.yearly"), .texts("pre_hooks"), .texts("post_hooks"), .number("max_attempts"),
            .numbers("backoff_s"), .number("timeout_s"), .text("validation"),
        ])

    private static let channel = ResourceKind(
        name: .channel, section: "channels", path: "/notification-channels", isOfAgent: false,
        fields: [
            ResourceField(name: "kind", form: .text, isRequired: true, isFixed: true), .yesNo("is_enabled"),
            ResourceField(name: "muted", form: .texts, isOrdered: false), .text("host"), .number("port"),
            .text("security"), .text("username"), .text("from"), .texts("to"), .text("ca_certificate"), .text("chat"),
            .text("url"), ResourceField(name: "secret", form: .secret, presence: "has_secret"),
        ])

    private static let check = ResourceKind(
        name: .check, section: "health_checks", path: "/health-checks", isOfAgent: true, ownerField: "agent_id",
        fields: [
            ResourceField(name: "kind", form: .text, isRequired: true, isFixed: true), .required("target"),
            .number("interval_s"), .number("timeout_s"), .number("expected_status"), .text("expected_text"),
            .yesNo("is_enabled"), .yesNo("is_public"),
        ])
}
