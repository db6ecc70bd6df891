@testable import BackupAgent
import Testing

@Suite struct HookCommandTests {
    private static let right: [(String, String?, String)] = [
        ("echo a && echo b | cat", nil, "echo a && echo b | cat"), (" dockerx exec a b", nil, " dockerx exec a b"),
        ("echo docker exec a b", nil, "echo docker exec a b"), ("docker ps", nil, "docker ps"),
        ("docker exec db psql -c \"SELECT 1\" | cat", "db", "psql -c \"SELECT 1\" | cat"),
        ("  docker  exec\tdb\n psql\n-l", "db", "psql\n-l"), ("docker execute", nil, "docker execute"),
    ]

    @Test(arguments: right) func isTakenApart(_ hook: String, _ container: String?, _ text: String) throws {
        let command = try HookCommand(hook)
        #expect(command.container == container && command.text == text)
    }

    @Test(arguments: [
        "", " \n", "docker exec", "docker exec ", "docker exec db", "docker exec db ", "docker exec -it db ls", "a\0b",
    ])
    func isRefused(_ hook: String) {
        #expect(throws: HookCommand.Misformed.self) { try HookCommand(hook) }
    }
}
