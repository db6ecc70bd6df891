import BackupAPI
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// `backupy apply` against the server itself.
@Suite struct ApplyServerTests {
    private static let file = """
        storage:
          - name: bucket
            bucket: backups
            endpoint: http://127.0.0.1:9
            access_key_id: AK
            secret_access_key: ${SECRET}
        agents:
          - name: web-1
        targets:
          - name: shop
            agent: web-1
            engine: postgresql
            host: db
            password: ${SECRET}
        jobs:
          - name: nightly
            agent: web-1
            target: shop
            storage: bucket
            cron: "0 2 * * *"
            retention: { days: 14, monthly: 12 }
        channels:
          - name: hook
            kind: webhook
            url: https://hooks.example.com/x
            secret: ${SECRET}
            muted: [check_up, agent_online]
          - name: mail
            kind: email
            host: mail.example.com
            from: backupy@example.com
            to: [b@example.com, a@example.com]
            username: backupy
            secret: ${SECRET}
        health_checks:
          - name: page
            agent: web-1
            kind: https
            target: https://shop.example.com/health
            interval_s: 30
            expected_text: fine
            is_public: true
          - name: port
            agent: web-1
            kind: tcp
            target: db:5432
        """

    private func backupy(_ arguments: [String], _ environment: [String: String]) async throws -> TestProcess.Outcome {
        try await BlockingThread.run("backupy") {
            try TestProcess.run(TestTools.product("backupy"), arguments, environment: environment)
        }
    }

    @Test func whatIsAppliedTwiceIsAppliedOnceAndWhatIsExportedIsTheSame() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let folder = try TemporaryFolder()
        let secrets = ["SECRET", "BUCKET_SECRET_ACCESS_KEY", "WEB_1_SHOP_PASSWORD", "HOOK_SECRET", "MAIL_SECRET"]
        var environment = Dictionary(uniqueKeysWithValues: secrets.map { ($0, "pl4nted") })
        environment["BACKUPY_SERVER"] = "http://localhost:\(server.port)"
        environment["BACKUPY_TOKEN"] = owner
        environment["XDG_CONFIG_HOME"] = folder("config")
        try Self.file.write(toFile: folder("f.yaml"), atomically: true, encoding: .utf8)
        let apply = ["apply", "-f", folder("f.yaml"), "--yes"]
        let first = try await backupy(apply, environment)
        #expect(first.status == 0 && first.output.contains("+ create check web-1/page"), "\(first)")
        let second = try await backupy(apply + ["--prune"], environment)
        #expect(second.status == 0 && second.output.hasPrefix("Nothing to do"), "\(second)")

        let exported = try await backupy(["export"], environment)
        #expect(exported.status == 0 && !exported.output.contains("pl4nted"), "\(exported)")
        try exported.output.write(toFile: folder("g.yaml"), atomically: true, encoding: .utf8)
        let again = try await backupy(["apply", "-f", folder("g.yaml"), "--yes", "--prune"], environment)
        #expect(again.status == 0 && again.output.hasPrefix("Nothing to do"), "\(again) \(exported)")

        let changed = exported.output.replacing("interval_s: 30", with: "interval_s: 60")
            .replacing("https://hooks.example.com/x", with: "https://hooks.example.com/y")
        try changed.write(toFile: folder("g.yaml"), atomically: true, encoding: .utf8)
        let change = try await backupy(["apply", "-f", folder("g.yaml"), "--yes"], environment)
        #expect(change.output.contains("~ change check web-1/page: interval_s: 30 → 60"), "\(change)")
        #expect(change.output.contains("~ change channel hook: url:"), "\(change)")
        let checks = try await server.send("GET", "/v1/health-checks", token: owner)
            .document(ListDocument<HealthCheckDocument>.self).items
        #expect(checks.map(\.intervalS) == [60, 60])

        // The same file makes all of it anew elsewhere.
        let other = try await TestServer()
        environment["BACKUPY_TOKEN"] = try await other.owner()
        environment["BACKUPY_SERVER"] = "http://localhost:\(other.port)"
        let elsewhere = try await backupy(["apply", "-f", folder("g.yaml"), "--yes"], environment)
        #expect(elsewhere.status == 0, "\(elsewhere)")
        #expect(try await backupy(["export"], environment).output == changed)
    }
}
