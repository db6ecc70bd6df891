import ArgumentParser
import BackupTestSupport
import Foundation
import Testing

@testable import backupy

/// What the commands for a server say of themselves. `BACKUPY_TEST_RECORD=1` writes Golden/server-help.txt anew.
@Suite struct HelpTests {
    static let commands: [any ParsableCommand.Type] = [
        SetupCommand.self, LoginCommand.self, LogoutCommand.self, AgentsCommand.self, AgentsCommand.List.self,
        AgentsCommand.Add.self,
        AgentsCommand.Remove.self, AgentsCommand.RotateKey.self, TargetsCommand.self, JobsCommand.self, RunCommand.self,
        RunsCommand.self, LogsCommand.self, RestoreCommand.self, DownloadCommand.self, ApplyCommand.self,
        ExportCommand.self,
    ]

    @Test func everyCommandForAServerExplainsItself() throws {
        let text = Self.commands.map { command in
            "\(Backupy.helpMessage(for: command, columns: 100))\n"
        }
        .joined(separator: String(repeating: "-", count: 100) + "\n")
        let path = TestTools.packageRoot + "/Tests/CommandTests/Golden/server-help.txt"
        if ProcessInfo.processInfo.environment["BACKUPY_TEST_RECORD"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text, "BACKUPY_TEST_RECORD=1 writes \(path) anew")
    }
}
