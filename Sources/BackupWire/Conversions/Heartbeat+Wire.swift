internal import SwiftProtobuf

extension Heartbeat {
    init(wire: Backup_V1_Heartbeat) {
        self.init()
        configVersion = wire.configVersion
        metrics = HostMetrics(wire: wire.metrics)
        activeJobIDs = wire.activeJobIds
    }

    var wire: Backup_V1_Heartbeat {
        .with {
            $0.configVersion = configVersion
            $0.metrics = metrics.wire
            $0.activeJobIds = activeJobIDs
        }
    }
}

extension HostMetrics {
    init(wire: Backup_V1_AgentMetrics) {
        self.init()
        // Whatever was sent, it can be shown and turned into a whole number.
        cpuPercent = wire.cpuPercent.isFinite ? min(max(wire.cpuPercent, 0), 100) : 0
        memoryUsed = wire.memUsedBytes
        memoryTotal = wire.memTotalBytes
        diskUsed = wire.diskUsedBytes
        diskTotal = wire.diskTotalBytes
        queueDepth = wire.queueDepth
    }

    var wire: Backup_V1_AgentMetrics {
        .with {
            $0.cpuPercent = cpuPercent
            $0.memUsedBytes = memoryUsed
            $0.memTotalBytes = memoryTotal
            $0.diskUsedBytes = diskUsed
            $0.diskTotalBytes = diskTotal
            $0.queueDepth = queueDepth
        }
    }
}
