/// How large the parts of the state that grow by themselves may become. Bytes are those of the sealed values.
package struct StateLimits: Sendable {
    package var outboxEntries = 20_000
    package var outboxBytes = 64 << 20
    package var logEntries = 10_000
    package var logBytes = 8 << 20

    package init() {}
}
