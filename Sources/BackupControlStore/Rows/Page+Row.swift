internal import BackupControl

extension Page {
    /// From one row more than was asked for, which shows whether there is another page.
    init(_ items: [Item], limit: Int, cursor: (Item) -> String) {
        let page = Array(items.prefix(limit))
        self.init(items: page, nextCursor: items.count > limit ? page.last.map(cursor) : nil)
    }
}
