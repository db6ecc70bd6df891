internal import BackupControl

/// The question before a restore: where to, and exactly what will be there afterwards.
struct RestoreDialog {
    let run: RunModel
    let context: PageContext

    /// nil where there is nothing that it could be restored into.
    var dialog: Dialog? {
        guard let first = run.destinations.first else { return nil }
        let t = context.phrases
        let targets = run.destinations.map { (value: $0.targetID, title: "\($0.targetName) · \($0.agentName)") }
        let moment = Moment(run.startedAt ?? run.row.createdAt)
        let database = first.database.isEmpty ? first.targetName : first.database
        let content: HTML = """
            <p>\(t.restoreFrom(run.row.targetName, "\(moment.day) \(moment.time) UTC"))</p>
            \(Field.select("target_id", t.restoreInto, targets, selected: first.targetID, scope: "r"))
            \(Field.text("database", t.otherDatabase, hint: t.otherDatabaseHint, scope: "r"))
            <fieldset class="choices"><legend>\(t.whatIsThere)</legend>
            <label class="check"><input type="radio" name="mode" value="create" data-kind="mode" checked=""/><span><strong>\(t.createNew)</strong><br/>\(t.createNewConsequence)</span></label>
            <label class="check"><input type="radio" name="mode" value="overwrite" data-kind="mode"/><span><strong class="danger-text">\(t.replace)</strong><br/>\(t.replaceConsequence(database, "\(moment.day) \(moment.time) UTC"))</span></label>
            </fieldset>
            \(run.encryption == .recipients ? Field.text("identity_reference", t.identity, kind: .text, hint: t.identityHint, scope: "r") : HTML())
            """
        return Dialog(
            id: "restore", title: t.restoreTitle, content: content,
            request: "POST \(Link.api("runs", run.row.id, "/restore"))", then: "/restores",
            typedName: run.row.targetName,
            action: t.restoreVerb, isDangerous: true)
    }

    var html: HTML { dialog?.html(context.phrases) ?? HTML() }
}
