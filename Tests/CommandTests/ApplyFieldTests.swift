import BackupAPI
import Testing

@testable import backupy

@Suite struct ApplyFieldTests {
    /// The names in a file are those of the API.
    @Test func everyFieldIsOneOfTheAPIs() throws {
        let documents: [(ResourceKind.Name, [Schema])] = [
            (.storage, [NewStorageProfile.schema, StorageProfileChange.schema, StorageProfileDocument.schema]),
            (.target, [NewTarget.schema, TargetChange.schema, TargetDocument.schema]),
            (.job, [NewJob.schema, JobSettings.schema, JobDocument.schema]),
        ]
        for (kind, schemas) in documents {
            let names = schemas.map { schema in
                guard case .object(let object) = schema else { return Set<String>() }
                return Set(object.fields.map(\.name))
            }
            for field in ResourceKind.of(kind).fields {
                let name = String(field.apiName.prefix { $0 != "." })
                #expect(names[0].contains(name), "\(kind) is made with \(name)")
                #expect(field.isFixed || names[1].contains(name), "\(kind) is changed in \(name)")
                #expect(names[2].contains(field.presence.isEmpty ? name : field.presence), "\(kind) shows \(name)")
            }
        }
    }
}
