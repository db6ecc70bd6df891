/// What each target takes of a store, as bars beside their names.
struct ShareBars {
    let shares: [StorageModel.Share]

    func html(_ context: PageContext) -> HTML {
        let largest = max(1, shares.map(\.sizeBytes).max() ?? 1)
        let items = shares.html { share in
            """
            <li><span class="share-name">\(share.name)</span>\
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="load" width="\(max(1, Int(Double(share.sizeBytes) / Double(largest) * 100)))" height="8"/></svg>\
            <span class="number">\(context.quantities.bytes(share.sizeBytes))</span><span class="muted number">\(context.phrases.backups(share.backups))</span></li>
            """
        }
        return "<ul class=\"shares\" role=\"list\">\(items)</ul>"
    }
}
