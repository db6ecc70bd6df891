internal import ArgumentParser
internal import BackupCore
internal import Glibc

/// How `backupy` ends.
struct ExitStatus: Equatable {
    let rawValue: Int32

    static let done = Self(rawValue: 0)
    static let failed = Self(rawValue: 1)
    static let usage = Self(rawValue: 2)
    /// 128 and the signal's number, as shells report it.
    static func stopped(by signal: Int32) -> Self { Self(rawValue: 128 + signal) }

    /// Runs a command, and tells of its error on stderr.
    static func of(_ command: @Sendable () async throws -> Void) async -> Self {
        do {
            try await command()
            return .done
        } catch let error as Interruption {
            ErrorReport(error.underlying ?? error).print()
            return .stopped(by: error.signal)
        } catch let error as any BackupError {
            ErrorReport(error).print()
            return error is UsageError ? .usage : .failed
        } catch is AlreadyReported {
            return .failed
        } catch {
            return ofArgumentParser(error)
        }
    }

    /// Help and versions are errors to the parser of arguments, too.
    private static func ofArgumentParser(_ error: any Error) -> Self {
        let code = Backupy.exitCode(for: error)
        guard code == .success || code == .validationFailure else {
            ErrorReport(UnknownError(underlying: error)).print()
            return .failed
        }
        let text = Backupy.fullMessage(for: error)
        guard code == .success else {
            if ErrorReport.isJSON {
                ErrorReport(UsageError.arguments(Backupy.message(for: error))).print()
            } else {
                Console.printError(VisibleText.of(text, keepingLines: true))
            }
            return .usage
        }
        do { try Console.print(text) } catch {
            ErrorReport(error).print()
            return .failed
        }
        return .done
    }
}

/// A command that has already said what went wrong, in its own output.
struct AlreadyReported: Error {}

/// An error that no module of ours has described.
struct UnknownError: BackupError {
    let underlying: any Error
    var code: String { "command.unexpected" }
    var message: String { "\(underlying)" }
    var hint: String { "this should have a better message: please report it" }
    var recovery: Recovery { .bug }
    var cause: (any Error)? { underlying }
}
