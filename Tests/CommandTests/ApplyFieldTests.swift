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
            (.channel, [NewChannel.schema, ChannelChange.schema, ChannelDocument.schema]),
            (.check, [NewHealthCheck.schema, HealthCheckChange.schema, HealthCheckDocument.schema]),
        ]
        for (kind, schemas) in documents {
            let names = schemas.map(Self.names)
            for field in ResourceKind.of(kind).fields {
                let name = String(field.apiName.prefix { $0 != "." })
                #expect(names[0].contains(name), "\(kind) is made with \(name)")
                #expect(field.isFixed || names[1].contains(name), "\(kind) is changed in \(name)")
                #expect(names[2].contains(field.presence.isEmpty ? name : field.presence), "\(kind) shows \(name)")
            }
        }
    }

    /// Of one that has variants, those of all of them.
    private static func names(_ schema: Schema) -> Set<String> {
        switch schema {
        case .object(let object): Set(object.fields.map(\.name))
        case .variants(let objects): Set(objects.flatMap { $0.fields.map(\.name) })
        default: []
        }
    }

    /// And none of what a person may say in the API is missing in a file.
    @Test func channelsAndChecksSayAllThatTheAPITakes() {
        for (kind, schema) in [(ResourceKind.Name.channel, NewChannel.schema), (.check, NewHealthCheck.schema)] {
            let known = Set(ResourceKind.of(kind).fields.map(\.apiName)).union(["name", "agent_id"])
            #expect(Self.names(schema).subtracting(known).isEmpty, "\(kind)")
        }
    }
}
