/// `POST /agents/{id}/protect`
package struct ProtectRequest: APIDocument {
    package let containerID: String
    package let suggestion: Int?
    package let name: String?
    package let storageID: String?

    package init(containerID: String, suggestion: Int? = nil, name: String? = nil, storageID: String? = nil) {
        self.containerID = containerID
        self.suggestion = suggestion
        self.name = name
        self.storageID = storageID
    }

    package static let schema = Schema.named(
        "Protect",
        [
            .required("container_id", .line(1...300), "Of a container that the agent has found: its id or name."),
            .optional("suggestion", .integer(0...31), "Which of its suggestions; the first, if not said."),
            .optional("name", .line(1...100), "Of the target; the container's, if not said."),
            .optional("storage_id", .id, "The default store, if not said."),
        ])
}

package struct ProtectedDocument: APIDocument {
    package let targetID: String
    package let jobID: String
    package let target: TargetDocument
    package let job: JobDocument

    package init(target: TargetDocument, job: JobDocument) {
        targetID = target.id
        jobID = job.id
        self.target = target
        self.job = job
    }

    package static let schema = Schema.named(
        "Protected",
        [
            .required("target_id", .id), .required("job_id", .id), .required("target", TargetDocument.schema),
            .required("job", JobDocument.schema),
        ])
}
