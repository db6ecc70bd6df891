internal import BackupCore

/// How a kind of database is recognised by its first words. Nothing of a login is sent.
struct Handshake: Sendable {
    /// Whatever a peer has more to say is not read.
    static let largestAnswer = 512

    enum Verdict: Equatable {
        case engine(DatabaseEngine)
        case more
        case no
    }

    /// What is said first; empty where the server begins.
    let greeting: [UInt8]
    let judge: @Sendable (_ answer: [UInt8]) -> Verdict

    /// The one that only listens comes first: the others' words would be answered with an error there.
    static let all = [mySQL, postgreSQL, redis, mongoDB]

    /// The server's first packet: a length of three bytes, number 0, protocol 10, its version (MySQL's manual,
    /// "Protocol::HandshakeV10"); or an error, when it has no place for us.
    static let mySQL = Handshake(greeting: []) { answer in
        guard answer.count >= 5 else { return mightBegin(answer, [nil, nil, 0, 0]) ? .more : .no }
        let length = Int(answer[0]) | Int(answer[1]) << 8 | Int(answer[2]) << 16
        guard answer[3] == 0, (8...4096).contains(length) else { return .no }
        let payload = answer[4...]
        let isMariaDB = payload.firstRange(of: Array("MariaDB".utf8)) != nil
        switch payload.first {
        case 0x0a:
            guard let end = payload.firstIndex(of: 0) else { return answer.count < 128 ? .more : .no }
            guard payload[5..<end].first.map({ (0x30...0x39).contains($0) }) == true else { return .no }
            return .engine(isMariaDB ? .mariadb : .mysql)
        case 0xff:
            guard answer.count >= min(4 + length, largestAnswer) else { return .more }
            return .engine(isMariaDB ? .mariadb : .mysql)
        default: return .no
        }
    }

    /// SSLRequest (PostgreSQL's manual, "Message Formats"): one letter is the answer, and nothing follows.
    static let postgreSQL = Handshake(greeting: [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]) { answer in
        if answer.isEmpty { return .more }
        return answer == [UInt8(ascii: "S")] || answer == [UInt8(ascii: "N")] ? .engine(.postgresql) : .no
    }

    /// `PING`: refused without a password, and then in words that only Redis has.
    static let redis = Handshake(greeting: Array("PING\r\n".utf8)) { answer in
        guard answer.firstRange(of: [0x0d, 0x0a]) != nil else {
            return answer.isEmpty || answer[0] == UInt8(ascii: "+") || answer[0] == UInt8(ascii: "-") ? .more : .no
        }
        let words = ["+PONG\r\n", "-NOAUTH ", "-NOPERM ", "-DENIED ", "-LOADING ", "-MASTERDOWN "]
        return words.contains { answer.starts(with: $0.utf8) } ? .engine(.redis) : .no
    }

    /// `{hello: 1, $db: "admin"}` in an OP_MSG (MongoDB's manual, "Wire Protocol"). `mongos` calls itself `isdbgrid`, and has no data.
    static let mongoDB = Handshake(greeting: mongoHello) { answer in
        guard answer.count >= 16 else { return mightBegin(answer, []) ? .more : .no }
        let length = word(answer, 0)
        guard word(answer, 8) == mongoRequest, word(answer, 12) == 2013, (26...16 << 20).contains(length) else {
            return .no
        }
        guard answer.count >= min(length, largestAnswer) else { return .more }
        return answer.firstRange(of: Array("isdbgrid".utf8)) == nil ? .engine(.mongodb) : .no
    }

    private static let mongoRequest = 0x6279
    private static let mongoHello: [UInt8] = {
        func int32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let elements = [0x10] + Array("hello".utf8) + [0] + int32(1) + [0x02] + Array("$db".utf8) + [0] + int32(6)
        let document = elements + Array("admin".utf8) + [0, 0]
        let body = int32(0) + [0] + int32(document.count + 4) + document
        return int32(16 + body.count) + int32(mongoRequest) + int32(0) + int32(2013) + body
    }()

    private static func word(_ bytes: [UInt8], _ start: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }

    /// Whether more may come of it: each byte of `form` that is not nil is there as far as there are bytes.
    private static func mightBegin(_ bytes: [UInt8], _ form: [UInt8?]) -> Bool {
        zip(bytes, form).dropFirst(3).allSatisfy { $1 == nil || $0 == $1 }
    }
}
