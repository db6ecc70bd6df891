@testable import BackupAgent
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct HostPolicyTests {
    private func policy(_ text: String) throws -> HostPolicy {
        let folder = try TemporaryFolder()
        try text.write(toFile: folder("policy.json"), atomically: true, encoding: .utf8)
        return try HostPolicy(file: folder("policy.json"))
    }

    private static func target(
        _ engine: DatabaseEngine? = .postgresql, host: String = "db1", database: String = "app", container: String = ""
    ) -> Target {
        Target(id: "t1", engine: engine, host: host, database: database, containerID: container)
    }

    private static func overwriting() -> RestoreOptions {
        var options = RestoreOptions()
        options.overwrite = true
        return options
    }

    private static func only(_ database: String) -> RestoreOptions {
        var options = RestoreOptions()
        options.only = database
        return options
    }

    private typealias Question = @Sendable (HostPolicy) throws -> Void
    private static func backup(_ target: Target) -> Question { { try $0.check(backupOf: target) } }
    private static func restore(_ target: Target, _ options: RestoreOptions) -> Question {
        { try $0.check(restoreInto: target, options: options) }
    }
    private static func secret(_ reference: String) -> Question {
        { try $0.check(reference: SecretReference(reference), of: target()) }
    }
    private static func hook(_ hook: String) -> Question { { try $0.check(hook: hook, "pre-hook 1") } }
    private static func upload(_ host: String) -> Question { { try $0.check(uploadTo: host) } }
    private static func health(_ host: String, _ port: Int) -> Question {
        { try $0.check(healthCheckOf: host, port: port) }
    }

    /// A document, a question, and the rule that refuses; nil where it is allowed.
    private static let cases: [(String, Question, String?)] = [
        ("{}", hook("any"), nil), ("{}", backup(target()), nil), ("{}", restore(target(), overwriting()), nil),
        ("{}", upload("x"), nil), ("{}", health("x", 80), nil),

        (#"{"hooks": "all"}"#, hook("any"), nil), (#"{"hooks": "none"}"#, hook("any"), "hooks"),
        (#"{"hooks": []}"#, hook("any"), "hooks"), (#"{"hooks": ["a b"]}"#, hook("a b"), nil),
        (#"{"hooks": ["a b"]}"#, hook("a b; rm -rf /"), "hooks"), (#"{"hooks": ["*"]}"#, hook("a"), "hooks"),

        (#"{"targets": {"allow": []}}"#, backup(target()), "targets"),
        (#"{"targets": {"deny": []}}"#, backup(target()), nil),
        (#"{"targets": {"allow": [{"engine": "postgresql"}]}}"#, backup(target()), nil),
        (#"{"targets": {"allow": [{"engine": "postgresql"}]}}"#, backup(target(.mysql)), "targets"),
        (#"{"targets": {"allow": [{"engine": "postgresql"}]}}"#, backup(target(nil)), "targets"),
        (#"{"targets": {"allow": [{"host": "DB*", "database": "app"}]}}"#, backup(target()), nil),
        (#"{"targets": {"allow": [{"host": "DB*", "database": "crm"}]}}"#, backup(target()), "targets"),
        (#"{"targets": {"allow": [{"database": "?*"}]}}"#, backup(target(database: "")), "targets"),
        (#"{"targets": {"allow": [{"container": "*"}]}}"#, backup(target()), "targets"),
        (#"{"targets": {"allow": [{"container": "shop-*"}]}}"#, backup(target(container: "shop-db")), nil),
        (
            #"{"targets": {"allow": [{"host": "*"}], "deny": [{"database": "hr"}]}}"#, backup(target(database: "hr")),
            "targets"
        ),
        (#"{"targets": {"deny": [{"database": "hr"}]}}"#, restore(target(database: "HR"), RestoreOptions()), "targets"),
        (#"{"targets": {"deny": [{"database": "hr"}]}}"#, backup(target()), nil),

        (#"{"destinations": {"allow": ["*.s3.example.com"]}}"#, upload("b.S3.example.com"), nil),
        (#"{"destinations": {"allow": ["*.s3.example.com"]}}"#, upload("evil.org"), "destinations"),
        (#"{"destinations": {"deny": ["10.*"]}}"#, upload("10.0.0.1"), "destinations"),

        (#"{"restores": "never"}"#, restore(target(), RestoreOptions()), "restores"),
        (#"{"restores": "never"}"#, backup(target()), nil),
        (#"{"restores": {}}"#, restore(target(), RestoreOptions()), nil),
        (#"{"restores": {}}"#, restore(target(), overwriting()), "restores.overwrite"),
        (#"{"restores": {"overwrite": true}}"#, restore(target(), overwriting()), nil),
        (#"{"restores": {"databases": ["copy_*"]}}"#, restore(target(database: "copy_1"), RestoreOptions()), nil),
        (#"{"restores": {"databases": ["copy_*"]}}"#, restore(target(), RestoreOptions()), "restores.databases"),
        (#"{"restores": {"databases": ["*"]}}"#, restore(target(database: ""), RestoreOptions()), "restores.databases"),
        (#"{"restores": {"databases": ["a"]}}"#, restore(target(database: ""), only("a")), nil),
        (#"{"restores": {}}"#, restore(target(database: ""), RestoreOptions()), nil),

        (#"{"health_checks": {"allow": ["*.internal:5432"]}}"#, health("db.internal", 5432), nil),
        (#"{"health_checks": {"allow": ["*.internal:5432"]}}"#, health("db.internal", 22), "health_checks"),
        (#"{"health_checks": {"allow": ["*.internal"]}}"#, health("db.internal", 22), nil),
        (#"{"health_checks": {"deny": ["169.254.169.254"]}}"#, health("169.254.169.254", 80), "health_checks"),
        (#"{"health_checks": {"deny": ["db.internal"]}}"#, health("DB.internal.", 80), "health_checks"),
        (#"{"destinations": {"deny": ["evil.org"]}}"#, upload("evil.org."), "destinations"),
        // The same name in two objects, and in a value, is no repetition.
        (#"{"targets": {"allow": [{"host": "host"}, {"host": "a\":b"}]}}"#, backup(target(host: "host")), nil),
        (#"{"health_checks": {"deny": ["::1"]}}"#, health("::1", 80), "health_checks"),

        // Without a rule: where the manuals say to put secrets.
        ("{}", secret(""), nil), ("{}", secret("s3cret"), nil), ("{}", secret("env:PGPASSWORD"), nil),
        ("{}", secret("container-env:POSTGRES_PASSWORD"), nil), ("{}", secret("file:/run/secrets/db"), nil),
        ("{}", secret("file:/run/secrets/db/password"), nil), ("{}", secret("file:/run/credentials/x.service/db"), nil),
        ("{}", secret("file:/etc/passwd"), "references"), ("{}", secret("file:secrets/db"), "references"),
        ("{}", secret("file:/etc/../etc/passwd"), "references"), ("{}", secret("file:"), "references"),
        ("{}", secret("file:/proc/self/environ"), "references"), ("{}", secret("env:https_proxy"), "references"),
        (#"{"references": {"deny": ["env:HR_*"]}}"#, secret("env:HR_PASSWORD"), "references"),
        (#"{"references": {"deny": ["env:HR_*"]}}"#, secret("env:PGPASSWORD"), nil),
        (#"{"references": {"deny": ["env:HR_*"]}}"#, secret("file:/etc/passwd"), "references"),
        (#"{"references": {"allow": ["container-env:*"]}}"#, secret("env:PGPASSWORD"), "references"),
        (#"{"references": {"allow": ["container-env:*"]}}"#, secret("container-env:A"), nil),
        (#"{"references": {"allow": []}}"#, secret("container-env:A"), "references"),
        (#"{"references": {"allow": []}}"#, secret("s3cret"), nil),
        (#"{"references": {"allow": ["file:/srv/keys/*"]}}"#, secret("file:/srv/keys/a"), nil),
        (#"{"references": {"allow": ["file:/srv/keys/*"]}}"#, secret("file:/srv/keys/../a"), "references"),
        (#"{"references": {"allow": ["*"]}}"#, secret("file:/etc/passwd"), nil),
        (#"{"references": {"allow": ["*"]}}"#, secret("file:/proc/1/environ"), "references"),
        (#"{"references": {"allow": ["*"]}}"#, secret("env:HTTPS_PROXY"), "references"),
        (
            #"{"references": {"allow": ["*"]}}"#, secret("file:/run/secrets/kubernetes.io/serviceaccount/token"),
            "references"
        ),

        // One address, written otherwise.
        (#"{"health_checks": {"deny": ["169.254.169.254"]}}"#, health("2852039166", 80), "health_checks"),
        (#"{"health_checks": {"deny": ["169.254.169.254"]}}"#, health("0xA9.0xfe.43518", 80), "health_checks"),
        (#"{"health_checks": {"deny": ["169.254.169.254"]}}"#, health("::ffff:a9fe:a9fe", 80), "health_checks"),
        (#"{"destinations": {"deny": ["::1"]}}"#, upload("0:0:0:0:0:0:0:1"), "destinations"),
        (#"{"destinations": {"deny": ["0:0::1"]}}"#, upload("::1"), "destinations"),
        (#"{"targets": {"deny": [{"host": "127.0.0.1"}]}}"#, backup(target(host: "127.1")), "targets"),
        (#"{"targets": {"deny": [{"host": "db1"}]}}"#, backup(target(host: "db1.")), "targets"),
        // A mark that combines with the letter before it.
        (#"{"targets": {"deny": [{"database": "hr*"}]}}"#, backup(target(database: "hr\u{308}")), "targets"),
    ]

    @Test(arguments: [
        "https://good.example.com/a", "https://good.example.com:9000/a", "https://GOOD.example.com./a",
    ])
    func anAddressOfAnAllowedHost(_ url: String) throws {
        try policy(#"{"destinations": {"allow": ["good.example.com"]}}"#).check(uploadTo: Secret(url))
    }

    @Test(arguments: [
        "https://evil.org/good.example.com", "https://good.example.com@evil.org/", "https://evil.org%00.example.com/",
        "https://%67ood.example.com/", "https://good.example.com%2f@evil.org", "https:///x", "", "good.example.com",
        "https://evil.org\\@good.example.com/", "https://evil.org#@good.example.com/",
    ])
    func anAddressOfAnotherHost(_ url: String) throws {
        let policy = try policy(#"{"destinations": {"allow": ["good.example.com", "*.example.com"]}}"#)
        #expect(throws: AgentError.self) { try policy.check(uploadTo: Secret(url)) }
        #expect(throws: Never.self) { try HostPolicy().check(uploadTo: Secret(url)) }
    }

    /// A path is what it leads to.
    @Test func aSQLiteFileIsWhereItsPathLeads() throws {
        let folder = try TemporaryFolder()
        let real = try #require(realpath(folder.path, nil).map { String(cString: $0) })
        for name in ["open", "closed"] {
            try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: false)
            _ = FileManager.default.createFile(atPath: folder("\(name)/a.db"), contents: nil)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder("open/link.db"), withDestinationPath: "../closed/a.db")
        try FileManager.default.createSymbolicLink(atPath: folder("door"), withDestinationPath: folder("closed"))
        func target(_ name: String) -> Target { Self.target(.sqlite, host: "", database: "\(real)/\(name)") }
        let allowing = try policy(#"{"targets": {"allow": [{"database": "\#(real)/open/*"}]}}"#)
        for name in ["open/a.db", "open/new.db", "closed/../open/a.db"] { try allowing.check(backupOf: target(name)) }
        for name in ["open/../closed/a.db", "open/link.db", "closed/a.db", "open/../closed/new.db"] {
            #expect(throws: AgentError.self, "\(name)") { try allowing.check(backupOf: target(name)) }
        }
        let denying = try policy(#"{"targets": {"deny": [{"database": "\#(real)/closed/*"}]}}"#)
        for name in ["open/../closed/a.db", "open/link.db", "closed/a.db", "door/a.db", "door/new.db"] {
            #expect(throws: AgentError.self, "\(name)") { try denying.check(backupOf: target(name)) }
        }
        let restoring = try policy(#"{"restores": {"databases": ["\#(real)/open/*"]}}"#)
        try restoring.check(restoreInto: target("open/new.db"), options: RestoreOptions())
        #expect(throws: AgentError.self) {
            try restoring.check(restoreInto: target("open/../closed/new.db"), options: RestoreOptions())
        }
    }

    @Test func aSecretIsWhereItsPathLeads() throws {
        let folder = try TemporaryFolder()
        let real = try #require(realpath(folder.path, nil).map { String(cString: $0) })
        for name in ["open", "state"] {
            try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: false)
        }
        for name in ["open/password", "open/agent-key", "state/x", "hidden"] {
            _ = FileManager.default.createFile(atPath: folder(name), contents: nil)
        }
        try FileManager.default.createSymbolicLink(atPath: folder("open/link"), withDestinationPath: "../hidden")
        try FileManager.default.createSymbolicLink(atPath: folder("open/key"), withDestinationPath: "agent-key")
        try FileManager.default.createSymbolicLink(atPath: folder("door"), withDestinationPath: "open")
        func secret(_ name: String) -> SecretReference { .file(path: "\(real)/\(name)") }
        let allowing = try policy(#"{"references": {"allow": ["file:\#(real)/open/*"]}}"#)
        for name in ["open/password", "open/../open/password", "door/password", "open/agent-key", "open/none"] {
            try allowing.check(reference: secret(name), of: Self.target())
        }
        for name in ["open/link", "hidden", "open/../hidden", "open/../none"] {
            #expect(throws: AgentError.self, "\(name)") {
                try allowing.check(reference: secret(name), of: Self.target())
            }
        }
        let all = try policy(#"{"references": {"allow": ["file:*"], "deny": ["file:\#(real)/door/*"]}}"#)
        #expect(throws: AgentError.self) { try all.check(reference: secret("door/password"), of: Self.target()) }
        let keeping = all.keeping(["\(real)/state", folder("open/agent-key")])
        try keeping.check(reference: secret("open/password"), of: Self.target())
        for name in ["state/x", "state", "state/none", "open/agent-key", "open/key"] {
            #expect(throws: AgentError.self, "\(name)") {
                try keeping.check(reference: secret(name), of: Self.target())
            }
        }
    }

    @Test(arguments: 0..<cases.count) func answers(_ number: Int) throws {
        let (document, question, rule) = Self.cases[number]
        let policy = try policy(document)
        guard let rule else { return try question(policy) }
        let error = #expect(throws: AgentError.self, "\(document)") { try question(policy) }
        guard case .deniedByPolicy(_, rule) = error else {
            Issue.record("\(document): \(String(describing: error)), not \(rule)")
            return
        }
        #expect(error?.hint.contains("'\(rule)'") == true)
    }

    private static let misunderstood: [(String, String)] = [
        ("", "it is not JSON"), ("{", "it is not JSON"), ("[]", "the document has a value of the wrong kind"),
        ("null", "the document has a value of the wrong kind"), ("{} x", "it is not JSON"),
        (#"{"restore": "never"}"#, "there is no 'restore'"), (#"{"Hooks": "none"}"#, "there is no 'Hooks'"),
        (#"{"hooks": "none", "hooks": "all"}"#, "'hooks' is there twice, or has an escape in it"),
        (#"{"h\u006foks": "all"}"#, #"'h\u006foks' is there twice, or has an escape in it"#),
        (
            #"{"targets": {"allow": [{"host": "a", "host": "b"}], "deny": []}}"#,
            "'host' is there twice, or has an escape in it"
        ),
        (#"{"hooks": "non"}"#, "'hooks' is neither \"all\" nor \"none\" nor a list of commands"),
        (#"{"hooks": null}"#, "'hooks' has a value of the wrong kind"),
        (#"{"hooks": [1]}"#, "'hooks[0]' has a value of the wrong kind"),
        (#"{"hooks": true}"#, "'hooks' has a value of the wrong kind"),
        (#"{"targets": {"alow": []}}"#, "there is no 'alow' in 'targets'"),
        (#"{"targets": []}"#, "'targets' has a value of the wrong kind"),
        (#"{"targets": {"allow": [{"port": 1}]}}"#, "there is no 'port' in 'Index 0'"),
        (#"{"targets": {"allow": [{"engine": "oracle"}]}}"#, "'targets.allow[0].engine' has a wrong value"),
        (#"{"targets": {"allow": [{}]}}"#, "an entry of 'targets' names nothing, and would stand for all of them"),
        (#"{"destinations": {"allow": "x"}}"#, "'destinations.allow' has a value of the wrong kind"),
        (#"{"destinations": {"allow": null}}"#, "'destinations.allow' has a value of the wrong kind"),
        (#"{"restores": "empty"}"#, "'restores' is neither \"never\" nor an object"),
        (#"{"restores": {"overwrite": "no"}}"#, "'restores.overwrite' has a value of the wrong kind"),
        (#"{"health_checks": {"allow": [], "x": 1}}"#, "there is no 'x' in 'health_checks'"),
        (#"{"references": ["env:*"]}"#, "'references' has a value of the wrong kind"),
        (
            #"{"references": {"deny": ["/run/secrets/*"]}}"#,
            "'/run/secrets/*' in 'references' does not begin with env:, file: or container-env:"
        ),
    ]

    @Test(arguments: misunderstood) func oneThatIsNotUnderstoodStopsTheStart(_ text: String, _ reason: String) throws {
        let error = #expect(throws: AgentError.self) { try policy(text) }
        guard case .policyInvalid(_, let said) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(said == reason)
    }

    @Test func oneThatCanNotBeReadStopsTheStart() throws {
        let folder = try TemporaryFolder()
        for path in [folder("none"), folder.path] {
            let error = #expect(throws: AgentError.self) { try HostPolicy(file: path) }
            #expect(error?.code == "agent.policy_unreadable")
        }
        let long = "{" + String(repeating: " ", count: HostPolicy.largestFile) + "}"
        #expect(throws: AgentError.self) { try policy(long) }
    }

    @Test func theExampleOfTheManualIsUnderstood() throws {
        let page = try String(contentsOfFile: TestTools.packageRoot + "/docs/operate/policy.md", encoding: .utf8)
        let example = try #require(
            page.components(separatedBy: "```json\n").dropFirst().first?.components(separatedBy: "```").first)
        let policy = try policy(example)
        #expect(policy != HostPolicy())
        #expect(throws: AgentError.self) { try policy.check(restoreInto: Self.target(), options: Self.overwriting()) }
    }
}
