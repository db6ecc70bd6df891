package import FoundationEssentials

/// What time it is, and how much of it passes: a clock that is set says nothing of how long something lasts.
package struct DispatchClock: Sendable {
    package var now: @Sendable () -> Date = { Date() }
    package var instant: @Sendable () -> ContinuousClock.Instant = { .now }

    package init() {}
}
