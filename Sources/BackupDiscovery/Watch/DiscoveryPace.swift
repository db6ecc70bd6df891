/// How often the engine is asked, and the control plane told.
package struct DiscoveryPace: Sendable {
    /// What happens together is looked at together: `docker compose up` starts all its containers in a second.
    package var settling = Duration.milliseconds(200)
    /// Also without any event.
    package var interval = Duration.seconds(3600)
    /// After a failure; doubled with each up to ``longestRetry``.
    package var firstRetry = Duration.milliseconds(500)
    package var longestRetry = Duration.seconds(30)
    /// A stream of events that has stood for so long is in order.
    package var steady = Duration.seconds(2)
    /// An engine that needs longer for one look is not well.
    package var longestPass = Duration.seconds(60)
    /// Until a container that has not answered yet is asked again.
    package var nextLook = Duration.seconds(10)
    /// Until a report that could not be given is tried again.
    package var nextReport = Duration.seconds(5)
    /// This many reports may follow each other at once, and then one comes each ``reportGap``: a container that crashes in a loop
    /// must not fill anybody's disk.
    package var reportBurst = 20
    package var reportGap = Duration.seconds(15)

    package init() {}
}
