package import FoundationEssentials

/// How much of a period a check was up, and hour by hour.
package struct UptimeDocument: APIDocument {
    package static let periods = ["24h", "7d", "30d", "90d"]

    package struct Hour: Codable, Sendable {
        package let at: Date
        package let up: Int
        package let down: Int
        package let latencyMs: Int?

        package init(at: Date, up: Int, down: Int, latencyMs: Int?) {
            self.at = at
            self.up = up
            self.down = down
            self.latencyMs = latencyMs
        }
    }

    package let period: String
    /// Without one, nothing is known of it at all.
    package let upShare: Double?
    package let upS: Int
    package let downS: Int
    package let unknownS: Int
    package let latencyMs: Int?
    package let hours: [Hour]

    package init(
        period: String, upShare: Double?, upS: Int, downS: Int, unknownS: Int, latencyMs: Int?, hours: [Hour]
    ) {
        self.period = period
        self.upShare = upShare
        self.upS = upS
        self.downS = downS
        self.unknownS = unknownS
        self.latencyMs = latencyMs
        self.hours = hours
    }

    package static let schema = Schema.named(
        "Uptime",
        [
            .required("period", .choice(periods)),
            .optional("up_share", .number(0...1), "Time that nobody looked at is not up."),
            .required("up_s", count), .required("down_s", count), .required("unknown_s", count),
            .optional("latency_ms", count, "The mean."),
            .required(
                "hours",
                .list(
                    .named(
                        "UptimeHour",
                        [
                            .required("at", .time, "When it began."), .required("up", count, "Looks."),
                            .required("down", count), .optional("latency_ms", count),
                        ]), upTo: 2200), "Those with looks in them, oldest first."),
        ])

    private static let count = Schema.integer(0...Int64.max)
}
