/// Where backups are, and what they take.
package enum StoragePage {
    package static func html(_ model: StorageModel, query: ListQuery, _ context: PageContext) -> HTML {
        let t = context.phrases
        let opener: HTML =
            context.mayAdminister
            ? "<button type=\"button\" class=\"button primary\" data-opens=\"add-storage\" aria-haspopup=\"dialog\">\(Icon.plus)<span>\(t.addStorage)</span></button>"
            : ""
        let columns: [Column<StorageRow>] = [
            Column(id: "name", title: t.name, order: { $0.name < $1.name }) { row in
                "<span><strong>\(row.name)</strong> \(row.isDefault ? Tone.neutral.badge(t.isDefault) : HTML())</span><span class=\"sub\">\(t.storageKind(row.kind))</span>"
            },
            Column(id: "place", title: t.place) { "<span class=\"id\">\($0.place)</span>" },
            Column(id: "backups", title: t.backupsTitle, isNumeric: true, order: { $0.backups < $1.backups }) {
                HTML(text: context.quantities.grouped($0.backups))
            },
            Column(id: "size", title: t.size, isNumeric: true, order: { $0.sizeBytes < $1.sizeBytes }) {
                HTML(text: context.quantities.bytes($0.sizeBytes))
            },
            Column(id: "do", title: t.actions) { context.mayAdminister ? actions($0, t) : HTML() },
        ]
        let table = ListTable(
            caption: t.storage, columns: columns, query: query, paging: .whole { "\($0.name) \($0.place)" },
            empty: context.empty(t.noStorage, t.noStorageNext, action: opener))
        let shares =
            model.targets.isEmpty
            ? context.empty(t.nothingStoredYet, t.noRunsNext) : ShareBars(shares: model.targets).html(context)
        return Layout.page(
            t.storage, .storage, context, lead: "<p class=\"lead\">\(t.storageLead)</p>", actions: opener,
            """
            <div class="columns">
            \(context.panel(t.usageOverTime, id: "usage", UsageChart(points: model.history).html(context)))
            \(context.panel(t.byDatabase, id: "shares", shares))
            </div>
            <section class="panel list" id="profiles" data-live="" aria-label="\(t.storage)">\(table.html(model.profiles, context))</section>
            \(context.mayAdminister ? form(context) : HTML())
            """)
    }

    /// What holds backups stays: the API says so.
    private static func actions(_ row: StorageRow, _ t: any Phrases) -> HTML {
        let removal = Removal(
            kind: "storage", id: row.id, name: row.name, path: "storage-profiles",
            consequence: t.deleteStorageConsequence(row.name), conflict: t.storeInUse)
        return """
            <div class="row-actions"><form method="post" data-api="POST \(Link.api("storage-profiles", row.id, "/test"))" data-says="\(t.storageWorks)">\
            <button class="button small" aria-label="\(t.testNamed(row.name))">\(t.test)</button></form>\
            \(row.backups == 0 ? removal.html(t) : HTML())</div>
            """
    }

    private static func form(_ context: PageContext) -> HTML {
        let t = context.phrases
        return """
            <dialog id="add-storage" aria-labelledby="add-storage-title"><form method="post" data-api="POST /v1/storage-profiles" data-conflict="\(t.nameTaken)" class="stack">
            <h2 id="add-storage-title">\(t.addStorage)</h2>
            \(Field.text("name", t.name, isRequired: true, scope: "s"))
            \(Field.text("endpoint", t.endpoint, hint: t.endpointHint, scope: "s"))
            <div class="pair">\(Field.text("bucket", t.bucket, isRequired: true, scope: "s"))\(Field.text("region", t.region, value: "us-east-1", scope: "s"))</div>
            \(Field.text("prefix", t.prefix, scope: "s"))
            <div class="pair">\(Field.text("access_key_id", t.accessKey, isRequired: true, scope: "s"))\(Field.text("secret_access_key", t.secretKey, type: "password", isRequired: true, completes: "new-password", scope: "s"))</div>
            \(Field.check("is_path_style", t.pathStyle, isOn: true))
            <p class="form-error" role="alert"></p>
            <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button><button class="button primary">\(t.create)</button></div>
            </form></dialog>
            """
    }
}
