internal import CExpat

/// The elements of a small XML document, as S3 answers.
///
/// Memory: a few times the document, whose size the caller bounds. Document types are refused: S3 has none, and
/// entities are how a small document grows large.
final class XMLElement {
    let name: String
    fileprivate(set) var text = ""
    fileprivate(set) var children: [XMLElement] = []

    fileprivate init(name: String) { self.name = name }

    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
    /// The text of a child.
    subscript(name: String) -> String? { first(name)?.text }

    /// nil when `bytes` are not a well-formed document.
    static func parse(_ bytes: [UInt8]) -> XMLElement? {
        guard let parser = XML_ParserCreate(nil) else { return nil }
        defer { XML_ParserFree(parser) }
        let builder = XMLBuilder(parser: parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
        XML_SetElementHandler(
            parser, { data, name, _ in XMLBuilder.of(data)?.begin(name) }, { data, _ in XMLBuilder.of(data)?.end() })
        XML_SetCharacterDataHandler(parser) { XMLBuilder.of($0)?.add($1, Int($2)) }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in XMLBuilder.of(data)?.stop() }
        // Servers keep a connection alive with spaces, even in front of the declaration.
        let document = bytes.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let status = document.withUnsafeBytes { buffer in
            XML_Parse(parser, buffer.bindMemory(to: CChar.self).baseAddress, Int32(clamping: buffer.count), 1)
        }
        return status == XML_STATUS_OK ? builder.root : nil
    }
}

private final class XMLBuilder {
    /// S3's documents are 4 deep.
    static let deepest = 16

    private let parser: XML_Parser
    private(set) var root: XMLElement?
    private var open: [XMLElement] = []

    init(parser: XML_Parser) { self.parser = parser }

    static func of(_ data: UnsafeMutableRawPointer?) -> XMLBuilder? {
        data.map { Unmanaged<XMLBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    func begin(_ name: UnsafePointer<CChar>?) {
        guard let name, open.count < Self.deepest else { return stop() }
        // Namespace prefixes differ between servers and mean nothing here.
        let full = String(cString: name)
        let element = XMLElement(name: full.split(separator: ":").last.map(String.init) ?? full)
        if let parent = open.last { parent.children.append(element) } else { root = element }
        open.append(element)
    }

    func end() { _ = open.popLast() }

    func add(_ text: UnsafePointer<CChar>?, _ count: Int) {
        guard let text else { return }
        open.last?.text += String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func stop() { XML_StopParser(parser, XML_FALSE) }
}
