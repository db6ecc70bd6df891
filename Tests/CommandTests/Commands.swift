import BackupTestSupport
import Foundation

/// The programs, as a person runs them.
enum Commands {
    /// No setting of the machine's gets in.
    static let clean = [
        "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "PGPASSWORD": "",
        "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_ENDPOINT_URL": "", "AWS_REGION": "",
    ]

    @discardableResult
    static func backupy(_ arguments: [String], environment: [String: String] = [:]) throws -> TestProcess.Outcome {
        try TestProcess.run(TestTools.product("backupy"), arguments, environment: clean.merging(environment) { $1 })
    }

    /// Starts it, and lets it run.
    static func start(_ arguments: [String], environment: [String: String] = [:], log: String) throws -> TestProcess {
        try TestProcess(
            TestTools.product("backupy"), arguments, environment: clean.merging(environment) { $1 }, log: log)
    }

    static func decrypt(_ arguments: [String]) throws -> TestProcess.Outcome {
        try TestProcess.run(TestTools.product("backupy-decrypt"), arguments)
    }

    /// A key file at `path`; returns its public key.
    static func keygen(_ path: String) throws -> String {
        let outcome = try backupy(["keygen", "-o", path, "--json"])
        let result = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        guard outcome.status == 0, let key = result?["public_key"] as? String else {
            throw TestFailure("keygen: \(outcome)")
        }
        return key
    }
}

extension TestProcess.Outcome {
    func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] else {
            throw TestFailure("no JSON: \(output) \(errors)")
        }
        return object
    }

    /// The code of the error that was printed as JSON.
    /// - Throws: a failure that shows all that was printed, when stderr is not that one object.
    func errorCode() throws -> String {
        guard
            let object = try? JSONSerialization.jsonObject(with: Data(errors.utf8)) as? [String: [String: String]],
            let code = object["error"]?["code"]
        else { throw TestFailure("no error as JSON: \(self)") }
        return code
    }
}
