internal import BackupCore
internal import BackupPipeline
internal import BackupWire

/// Tells the control plane how far a run is: when the step changes, and at most once a second besides.
struct RunProgress: Sendable {
    static let interval = Duration.seconds(1)

    let run: RunBackup
    let attempt: Int
    let link: any ControlLink

    /// Posts until it is cancelled.
    func follow(_ progress: Progress) async {
        var last: JobUpdate?
        while !Task.isCancelled {
            let update = update(from: progress)
            if update != last { await link.post(.jobUpdate(update), correlationID: "") }
            last = update
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    func post(step: String) async {
        var update = update
        update.currentStep = step
        await link.post(.jobUpdate(update), correlationID: "")
    }

    private var update: JobUpdate {
        var update = JobUpdate()
        update.jobID = run.jobID
        update.runID = run.runID
        update.status = .running
        update.attempt = UInt32(clamping: attempt)
        return update
    }

    private func update(from progress: Progress) -> JobUpdate {
        var update = update
        let stages = progress.stages
        update.bytesDone = stages.first?.bytesIn ?? 0
        update.progressPercent = Self.percent(of: progress)
        update.currentStep = Self.step(of: progress)
        return update
    }

    /// Of a dump's expected size, which is an estimate: 99 until it has ended.
    static func percent(of progress: Progress) -> UInt32 {
        guard let expected = progress.expectedBytes, expected > 0, let done = progress.stages.first?.bytesIn else {
            return 0
        }
        return UInt32(clamping: min(done.multipliedReportingOverflow(by: 100).partialValue / expected, 99))
    }

    /// As the wire names it. While bytes stream, it is the stage that the others wait for.
    static func step(of progress: Progress) -> String {
        switch progress.step {
        case .connecting: "dumping"
        case .dumping:
            switch progress.limiting {
            case .compress, .encrypt: "compressing"
            case .upload: "uploading"
            default: "dumping"
            }
        default: "validating"
        }
    }
}
