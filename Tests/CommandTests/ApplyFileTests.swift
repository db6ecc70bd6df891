import BackupCore
import BackupTestSupport
import Foundation
import Testing

@testable import backupy

/// What a file for `backupy apply` may say, what it means against what the server has, and how errors name the place.
@Suite struct ApplyFileTests {
    static let file = """
        storage:
          - name: bucket
            bucket: backups
            access_key_id: ${KEY_ID}
            secret_access_key: ${SECRET}
        agents:
          - name: web-1
        targets:
          - name: shop
            agent: web-1
            engine: postgresql
            host: db
            port: 5432
            secret_reference: env:PGPASSWORD
        jobs:
          - name: nightly
            agent: web-1
            target: shop
            storage: bucket
            cron: "0 2 * * *"
            retention: { days: 14, monthly: 12 }
            recipients: [age1x]
        """

    private static func read(_ text: String, _ environment: [String: String] = ["KEY_ID": "AK"]) throws -> ApplyFile {
        try ApplyFile(text, name: "f.yaml", environment: environment)
    }

    private static func existing(
        _ kind: ResourceKind.Name, _ id: String, _ name: String, agent: String? = nil,
        _ fields: [String: JSONValue] = [:]
    ) -> ExistingThing {
        let document = fields.merging(["id": .string(id), "name": .string(name)]) { $1 }
        return ExistingThing(kind: .of(kind), name: name, agent: agent, id: id, document: .object(document))
    }

    /// What the server has once ``file`` was applied.
    private static let applied: [ExistingThing] = [
        existing(
            .storage, "s1", "bucket",
            [
                "kind": .string("s3"), "bucket": .string("backups"), "access_key_id": .string("AK"),
                "has_secret": .bool(true),
            ]),
        existing(.agent, "a1", "web-1"),
        existing(
            .target, "t1", "shop", agent: "web-1",
            [
                "engine": .string("postgresql"), "host": .string("db"), "port": .integer(5432),
                "secret_reference": .string("env:PGPASSWORD"),
            ]),
        existing(
            .job, "j1", "nightly", agent: "web-1",
            [
                "target_id": .string("t1"), "storage_id": .string("s1"), "cron": .string("0 2 * * *"),
                "retention": .object(["days": .integer(14), "monthly": .integer(12), "last": .integer(0)]),
                "recipients": .array([.string("age1x")]),
            ]),
    ]

    private static func lines(_ text: String, _ things: [ExistingThing], prunes: Bool = false) throws -> [String] {
        PlanText(try Plan(read(text), Inventory(things), prunes: prunes, sendsSecrets: false)).lines
    }

    @Test func anEmptyServerGetsAllOfItInAnOrderThatWorks() throws {
        #expect(
            try Self.lines(Self.file, []) == [
                "+ create storage bucket", "    bucket: backups", "    access_key_id: AK",
                "    secret_access_key: ***", "+ create agent web-1", "+ create target web-1/shop",
                "    engine: postgresql", "    host: db", "    port: 5432", "    secret_reference: env:PGPASSWORD",
                "+ create job web-1/nightly", "    target: shop", "    storage: bucket", "    cron: 0 2 * * *",
                "    recipients: age1x", "    retention.days: 14", "    retention.monthly: 12",
            ])
    }

    @Test func whatIsThereAlreadyIsLeftAlone() throws {
        #expect(try Self.lines(Self.file, Self.applied) == ["Nothing to do: the server has all of it already"])
    }

    @Test func onlyWhatDiffersIsChanged() throws {
        let text = Self.file.replacing("0 2 * * *", with: "0 3 * * *").replacing("14", with: "30")
        #expect(
            try Self.lines(text, Self.applied) == [
                "~ change job web-1/nightly: cron: 0 2 * * * → 0 3 * * *",
                "~ change job web-1/nightly: retention.days: 14 → 30",
            ])
    }

    @Test func onlyPruneRemovesAndOnlyWhatTheFileIsAbout() throws {
        let others = [
            Self.existing(.job, "j2", "old", agent: "web-1"), Self.existing(.job, "j3", "theirs", agent: "web-2"),
            Self.existing(.channel, "c1", "mail"),
        ]
        let text = Self.file.replacing("agents:\n  - name: web-1\n", with: "")
        let things = Self.applied + others + [Self.existing(.agent, "a2", "web-2")]
        #expect(try Self.lines(text, things) == ["Nothing to do: the server has all of it already"])
        #expect(try Self.lines(text, things, prunes: true) == ["- remove job web-1/old"])
        #expect(
            try Self.lines(Self.file, things, prunes: true) == ["- remove job web-1/old", "- remove agent web-2"])
    }

    @Test func secretsAreSentAgainOnlyWhenToldOrMissing() throws {
        let file = try Self.read(Self.file)
        let told = try Plan(file, Inventory(Self.applied), prunes: false, sendsSecrets: true)
        #expect(PlanText(told).lines == ["~ change storage bucket: secret_access_key: *** → ***"])
    }

    @Test func whatCanNotBeChangedIsSaidBeforeAnythingIs() throws {
        let error = #expect(throws: ApplyError.self) {
            try Self.lines(Self.file.replacing("postgresql", with: "mysql"), Self.applied)
        }
        #expect(
            error?.code == "apply.fixed_value" && error?.message.contains("line 11") == true,
            "\(String(describing: error))")
    }

    /// The server's own directory is there from the beginning: jobs may go to it, and no file makes or removes it.
    @Test func theServersOwnStoreIsNeitherExportedNorPruned() throws {
        let own = Self.existing(.storage, "s0", "embedded", ["kind": .string("embedded")])
        #expect(try Self.lines(Self.file, Self.applied + [own], prunes: true).first?.hasPrefix("Nothing") == true)
        #expect(!ExportText(Inventory(Self.applied + [own])).lines.joined().contains("embedded"))
        let text = Self.file.replacing("storage: bucket", with: "storage: embedded")
        #expect(
            try Self.lines(text, Self.applied + [own]) == [
                "~ change job web-1/nightly: storage: bucket → embedded"
            ])
    }

    @Test func whatIsExportedIsAppliedWithoutAChange() throws {
        let text = ExportText(Inventory(Self.applied)).lines.joined(separator: "\n")
        #expect(text.contains("secret_access_key: ${BUCKET_SECRET_ACCESS_KEY}"))
        #expect(try Self.lines(text, Self.applied) == ["Nothing to do: the server has all of it already"])
        #expect(try Self.lines(text, []).filter { $0.hasPrefix("+") }.count == 4)
    }

    @Test(arguments: [
        ("jobs: [", "apply.not_yaml", 2), ("job: []", "apply.unknown_field", 1),
        ("jobs:\n  - name: a\n    agent: b\n    crn: x", "apply.unknown_field", 4),
        ("jobs:\n  - agent: b\n    target: x", "apply.missing_field", 2),
        ("jobs:\n  - name: a\n    target: x", "apply.missing_field", 2),
        ("targets:\n  - name: a\n    agent: b", "apply.missing_field", 2),
        ("jobs:\n  - name: a\n    agent: b\n    target: x\n    retention:\n      days: many", "apply.wrong_value", 6),
        ("jobs:\n  - name: a\n    agent: b\n    target: x\n    retention: 14", "apply.wrong_value", 5),
        ("jobs:\n  - name: a\n    agent: b\n    target: x\n    is_enabled: 7", "apply.wrong_value", 5),
        ("agents:\n  - name: a\n  - name: a", "apply.repeated_name", 3), ("agents: a", "apply.wrong_value", 1),
        ("storage:\n  - name: s\n    secret_access_key: abc", "apply.secret_in_file", 3),
        ("storage:\n  - name: s\n    bucket: ${NOBODY}", "apply.secret_missing", 3),
        ("targets:\n  - name: a\n    agent: nobody\n    engine: redis", "apply.unknown_name", 2),
        ("agents:\n  - name: b\njobs:\n  - name: a\n    agent: b\n    target: nothing", "apply.unknown_name", 6),
    ])
    func errorsNameTheLine(_ text: String, _ code: String, _ line: Int) throws {
        let error = #expect(throws: ApplyError.self) { try Self.lines(text, []) }
        #expect(error?.code == code && error?.message.contains("line \(line):") == true, "\(String(describing: error))")
    }

    @Test func secretsAreReadWhereTheySayAndNowhereElse() throws {
        let folder = try TemporaryFolder()
        try "s3cret\n".write(toFile: folder("s"), atomically: true, encoding: .utf8)
        #expect(try SecretReference("file:" + folder("s"))?.read([:])?.revealed == "s3cret")
        #expect(try SecretReference("${A_1}")?.read(["A_1": "x"])?.revealed == "x")
        #expect(try SecretReference("${A_1}")?.read(["A_1": ""]) == nil)
        for text in ["s3cret", "$A", "${}", "${A-B}", "file:", "a${B}"] { #expect(SecretReference(text) == nil) }
        #expect(throws: CommandError.self) { try SecretReference("file:/nonexistent/x")?.read([:]) }
    }
}
