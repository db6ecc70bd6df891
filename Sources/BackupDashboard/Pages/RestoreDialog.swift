internal import BackupControl

/// The question before a restore: where to, and exactly what will be there afterwards.
struct RestoreDialog {
    let run: RunModel
    let context: PageContext

    /// nil where there is nothing that it could be restored into.
    var dialog: Dialog? {
        guard !run.destinations.isEmpty else { return nil }
        let t = context.phrases
        let moment = Moment(run.startedAt ?? run.row.createdAt)
        let time = "\(moment.day) \(moment.time) UTC"
        let replaced = origin?.words ?? t.chosenAbove
        let content: HTML = """
            <p>\(t.restoreFrom(run.row.targetName, time))</p>
            \(destinations(t))
            \(Field.text("database", t.otherDatabase, hint: t.otherDatabaseHint, scope: "r"))
            <fieldset class="choices"><legend>\(t.whatIsThere)</legend>
            <label class="check"><input type="radio" name="mode" value="create" data-kind="mode" checked=""/><span><strong>\(t.createNew)</strong><br/>\(t.createNewConsequence)</span></label>
            <label class="check"><input type="radio" name="mode" value="overwrite" data-kind="mode"/><span><strong class="danger-text">\(t.replace)</strong><br/><span data-replaced="\(t.replaceConsequence("{}", time))">\(t.replaceConsequence(replaced, time))</span></span></label>
            </fieldset>
            \(run.encryption == .recipients ? Field.text("identity_reference", t.identity, kind: .text, hint: t.identityHint, scope: "r") : HTML())
            """
        return Dialog(
            id: "restore", title: t.restoreTitle, content: content,
            request: "POST \(Link.api("runs", run.row.id, "/restore"))", then: "/restores",
            typedName: origin?.targetName ?? "", typedField: "confirm", action: t.restoreVerb, isDangerous: true)
    }

    /// Chosen from the start is only where the backup comes from. JavaScript puts what an option names into the question.
    private func destinations(_ t: any Phrases) -> HTML {
        let options = run.destinations.html { to in
            "<option value=\"\(to.targetID)\" data-name=\"\(to.targetName)\" data-database=\"\(to.database)\"\(" selected=\"\"", if: to.isOrigin)>\(to.place)</option>"
        }
        let none: HTML = "<option value=\"\" data-name=\"\" disabled=\"\" selected=\"\">\(t.choose)</option>"
        return """
            <div class="field"><label for="rf-target_id">\(t.restoreInto)</label>\
            <select id="rf-target_id" name="target_id" data-kind="text" required="" data-none="\(t.chosenAbove)" aria-describedby="rf-target_id-error">\(origin == nil ? none : HTML())\(options)</select>\
            <p class="field-error" id="rf-target_id-error" data-error-for="target_id"></p></div>
            """
    }

    private var origin: RestoreDestination? { run.destinations.first { $0.isOrigin } }

    var html: HTML { dialog?.html(context.phrases) ?? HTML() }
}
