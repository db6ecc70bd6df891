internal import BackupCore
internal import Foundation
internal import Synchronization

/// A Docker engine that says what a test wants: one connection after another, each answered by `script`.
package final class ScriptedEngine: Sendable {
    package struct Request: Sendable {
        package let line: String
        package let body: String
        fileprivate let connection: Int32

        package func send(_ bytes: [UInt8]) {
            _ = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        package func answer(_ status: Int, _ json: String) { send(Array("HTTP/1.0 \(status) X\r\n\r\n\(json)".utf8)) }
        package func upgrade() { send(Array("HTTP/1.1 101 UPGRADED\r\n\r\n".utf8)) }
        /// Waits until whoever asked has gone.
        package func waitForEnd() {
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
        }
        /// 1 is stdout, 2 is stderr.
        package func frame(_ stream: UInt8, _ text: String) {
            send([stream, 0, 0, 0, 0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8))
        }
    }

    package let folder: TemporaryFolder
    package var socket: String { folder("engine.sock") }
    private let listener: Int32
    private let log = Log()
    package var requests: [Request] { log.requests.withLock { $0 } }

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    /// - Parameter script: runs on a thread of each connection's own, which is closed when it returns.
    package init(_ script: @escaping @Sendable (Request) -> Void) throws {
        folder = try TemporaryFolder()
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        listener = socket
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(folder("engine.sock").utf8)) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound, listen(socket, 128) == 0 else { throw TestFailure("no socket") }
        let log = log
        Thread.detachNewThread {
            while case let connection = accept(socket, nil, nil), connection >= 0 {
                Thread.detachNewThread {
                    defer { close(connection) }
                    guard let request = Self.request(on: connection) else { return }
                    log.requests.withLock { $0.append(request) }
                    script(request)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private static func request(on connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            bytes += piece[..<count]
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            let length = head.firstMatch(of: /Content-Length: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
            guard bytes.count >= end.upperBound + length else { continue }
            return Request(
                line: head.components(separatedBy: " HTTP/")[0],
                body: String(decoding: bytes[end.upperBound...], as: UTF8.self), connection: connection)
        }
    }
}
