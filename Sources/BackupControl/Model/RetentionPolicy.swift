/// What is kept of a target's backups. A backup goes only when none of the rules wants it, and the newest proven one never.
package struct RetentionPolicy: Sendable, Equatable, Codable {
    /// All that are younger; 0: this rule keeps none.
    package var days: Int
    package var last: Int
    package var hourly: Int
    package var daily: Int
    package var weekly: Int
    package var monthly: Int
    package var yearly: Int

    /// Everything is 0 in one that keeps for ever.
    package init(
        days: Int = 30, last: Int = 0, hourly: Int = 0, daily: Int = 0, weekly: Int = 0, monthly: Int = 0,
        yearly: Int = 0
    ) {
        self.days = days
        self.last = last
        self.hourly = hourly
        self.daily = daily
        self.weekly = weekly
        self.monthly = monthly
        self.yearly = yearly
    }
}
