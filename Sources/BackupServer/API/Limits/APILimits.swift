/// Bounds of the API; all can be set.
package struct APILimits: Sendable {
    package var loginsPerMinute = 5
    package var requestsPerMinute = 60
    package var publicRequestsPerMinute = 60
    /// Of a session. A page that is open is read again when something happens, every three seconds at most.
    package var pagesPerMinute = 240
    /// Requests from one address with a login that is no good.
    package var refusalsPerMinute = 60
    package var largestBody = 1 << 20
    /// How often it is looked up whether whoever listens to events still may.
    package var listenerCheck = Duration.seconds(60)
    /// For a request's whole body.
    package var bodyDeadline = Duration.seconds(10)

    package init() {}
}
