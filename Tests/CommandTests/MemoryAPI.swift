import BackupTestSupport
import Foundation
import Synchronization

/// As much of a server's REST API as the command line asks for, in memory: lists, things that are made, changed and removed, runs
/// that succeed at the second look.
final class MemoryAPI: Sendable {
    static let token = "bkpy_token_of_a_test"

    private struct State {
        var things: [String: [[String: Any]]] = [:]
        var looks = 0
        var serial = 0
    }

    // Only under its lock; JSON's Any keeps it from being Sendable by itself.
    private let state = Mutex(State())

    /// Of a list, such as `/agents` or `/agents/a1/jobs`.
    func count(_ path: String) -> Int { state.withLock { $0.things[path]?.count ?? 0 } }

    func answer(_ request: ScriptedAPI.Request) -> ScriptedAPI.Response {
        guard request.token == Self.token else { return Self.refusal(401, "AUTH_FAILED", "who are you?") }
        let path = String(request.path.dropFirst(3).prefix { $0 != "?" })
        return state.withLock { state in Self.answer(request.method, path, request.body, &state) }
    }

    private static func answer(
        _ method: String, _ path: String, _ body: String, _ state: inout State
    ) -> ScriptedAPI.Response {
        let object = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
        let parts = path.split(separator: "/").map(String.init)
        switch (method, parts.first, parts.count) {
        case ("GET", "me", _): return json(["id": "u1", "email": "owner@example.com", "name": "O", "role": "owner"])
        case ("POST", "auth", _): return json([:])
        case ("POST", "jobs", 3): return json(["id": "r1", "job_id": parts[1], "status": "pending"], 202)
        case ("POST", "runs", 3): return json(["id": "x1", "run_id": parts[1], "status": "pending"], 202)
        case ("GET", "runs", 2), ("GET", "restores", 2):
            state.looks += 1
            return json(["id": parts[1], "status": state.looks < 2 ? "running" : "success", "size_bytes": 1234])
        case ("POST", "agents", 3) where parts[2] == "rotate-key": return json(["key": "bkpy_live_new"])
        case ("GET", _, _):
            return json(["items": state.things[path] ?? [], "next_cursor": NSNull(), "has_more": false])
        case ("POST", _, _): return make(path, object, &state)
        default: return change(parts, method == "PATCH" ? object : nil, &state)
        }
    }

    private static func make(_ path: String, _ object: [String: Any], _ state: inout State) -> ScriptedAPI.Response {
        guard state.things[path]?.contains(where: { $0["name"] as? String == object["name"] as? String }) != true else {
            return refusal(409, "CONFLICT", "the name is taken")
        }
        state.serial += 1
        var thing = object
        thing["id"] = "id\(state.serial)"
        for secret in ["password", "secret_access_key", "secret"] where object[secret] != nil {
            thing[secret] = nil
            thing[secret == "password" ? "has_password" : "has_secret"] = true
        }
        state.things[path, default: []].append(thing)
        return json(path == "/agents" ? ["agent": thing, "key": "bkpy_live_\(state.serial)"] : thing, 201)
    }

    /// - Parameter object: nil removes.
    private static func change(
        _ parts: [String], _ object: [String: Any]?, _ state: inout State
    ) -> ScriptedAPI.Response {
        for (path, things) in state.things {
            guard let index = things.firstIndex(where: { $0["id"] as? String == parts.last }) else { continue }
            guard let object else {
                state.things[path]?.remove(at: index)
                return ScriptedAPI.Response(204, "")
            }
            let changed = things[index].merging(object) { $1 }
            state.things[path]?[index] = changed
            return json(changed)
        }
        return refusal(404, "RESOURCE_NOT_FOUND", "there is no such thing")
    }

    private static func json(_ object: [String: Any], _ status: Int = 200) -> ScriptedAPI.Response {
        let data = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
        return ScriptedAPI.Response(status, String(decoding: data, as: UTF8.self))
    }

    static func refusal(_ status: Int, _ code: String, _ message: String) -> ScriptedAPI.Response {
        json(["error": ["code": code, "message": message, "details": [], "trace_id": "t1"]], status)
    }
}
