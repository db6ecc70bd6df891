@testable import BackupAgent
import BackupTestSupport
import BackupWire
import Foundation
import Testing

@Suite struct HostSamplerTests {
    private func write(_ folder: TemporaryFolder, _ name: String, _ text: String) throws {
        let path = folder(name)
        let directory = URL(filePath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func host() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try write(folder, "proc/stat", "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3\n")
        try write(folder, "proc/meminfo", "MemTotal:       1000 kB\nMemFree:  100 kB\nMemAvailable:    400 kB\n")
        return folder
    }

    @Test func theProcessorsLoadIsThatSinceTheLastTime() throws {
        let folder = try host()
        let sampler = HostSampler(stateDirectory: folder.path, root: folder.path)
        #expect(sampler.sample().cpuPercent == 0)
        try write(folder, "proc/stat", "cpu  150 10 115 875 125 0 0 25 99 0\n")
        #expect(abs(sampler.sample().cpuPercent - Float(100) / 3) < 0.001)
        #expect(sampler.sample().cpuPercent == 0, "no time has passed")
        try write(folder, "proc/stat", "nonsense")
        #expect(sampler.sample().cpuPercent == 0)
    }

    @Test func memoryIsTheMachinesOrTheContainers() throws {
        let folder = try host()
        let sampler = HostSampler(stateDirectory: folder.path, root: folder.path)
        func memory() -> [UInt64] { [sampler.sample().memoryUsed, sampler.sample().memoryTotal] }
        #expect(memory() == [600 * 1024, 1000 * 1024])
        try write(folder, "sys/fs/cgroup/memory.max", "max\n")
        try write(folder, "sys/fs/cgroup/memory.current", "5000\n")
        #expect(memory() == [600 * 1024, 1000 * 1024])
        try write(folder, "sys/fs/cgroup/memory.max", "8000\n")
        try write(folder, "sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 1000\n")
        #expect(memory() == [4000, 8000])
        try write(folder, "proc/self/cgroup", "0::/a/b\n")
        try write(folder, "sys/fs/cgroup/a/b/memory.max", "7000\n")
        try write(folder, "sys/fs/cgroup/a/b/memory.current", "70\n")
        #expect(memory() == [70, 7000])
        try write(folder, "sys/fs/cgroup/a/b/memory.max", "9000000000\n")
        #expect(memory() == [600 * 1024, 1000 * 1024], "a limit above the machine's memory is none")
    }

    @Test func thisMachineHasNumbers() throws {
        let folder = try TemporaryFolder()
        let metrics = HostSampler(stateDirectory: folder.path).sample()
        #expect(metrics.memoryTotal > 64 << 20 && metrics.memoryUsed > 0 && metrics.memoryUsed <= metrics.memoryTotal)
        #expect(metrics.diskTotal > 1 << 20 && metrics.diskUsed <= metrics.diskTotal)
        let nowhere = HostSampler(stateDirectory: folder("none"), root: folder("none")).sample()
        #expect(nowhere.memoryTotal == 0 && nowhere.diskTotal == 0 && nowhere.cpuPercent == 0)
    }
}
