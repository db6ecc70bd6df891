internal import ArgumentParser
internal import BackupCore
internal import CBackupSystem
internal import Glibc

/// `backupy`: the command for people.
@main
struct Backupy: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "backupy",
        abstract: "Database backups: encrypted where the data is, streamed to S3 or a directory, proven to restore.",
        discussion: """
            A first backup and its way back:

              backupy keygen -o key.txt
              backupy backup postgres://user@localhost/app \\
                --to s3://bucket/backups --recipient age1…
              backupy restore s3://bucket/backups \\
                --to postgres://user@localhost/app_copy --create --identity key.txt

            DATABASE-URL  postgres://, mysql://, mariadb:// or mongodb://, each with
                          USER@HOST:PORT/DATABASE, or without /DATABASE for the whole
                          server; redis://USER@HOST:PORT; sqlite:///PATH. Passwords:
                          PGPASSWORD, ~/.pgpass, MYSQL_PWD, REDISCLI_AUTH; or in the
                          URL, where every user of this machine sees them in 'ps'.
            DEST          s3://BUCKET/PREFIX or file:///DIRECTORY.
            SRC           a DEST, which means its newest backup, or DEST/ID,
                          or DEST/latest.

            Exit status: 0 done, 1 failed, 2 wrong usage, 129, 130 or 143 stopped by
            SIGHUP, Ctrl-C or SIGTERM.
            """,
        version: "backupy \(version)",
        subcommands: [
            BackupCommand.self, ListCommand.self, VerifyCommand.self, RestoreCommand.self, DownloadCommand.self,
            KeygenCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Server",
                subcommands: [
                    SetupCommand.self, LoginCommand.self, LogoutCommand.self, AgentsCommand.self, TargetsCommand.self,
                    JobsCommand.self, RunCommand.self, RunsCommand.self, LogsCommand.self, ApplyCommand.self,
                    ExportCommand.self,
                ])
        ])

    static func main() async {
        // A reader of ours that goes away is an error of that write, not the end of the process. Tools don't inherit it:
        // swift-subprocess gives a child every signal's default back.
        signal(SIGPIPE, SIG_IGN)
        // The pipeline's blocks are of 1 MiB: without this, each of them is mapped, faulted in and unmapped anew.
        backup_keep_freed_blocks(16 << 20)
        Glibc.exit(await ExitStatus.of(run).rawValue)
    }

    @Sendable private static func run() async throws {
        var command = try parseAsRoot()
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }
}
