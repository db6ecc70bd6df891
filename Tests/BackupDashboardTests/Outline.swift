import BackupDashboard
import Foundation
import FoundationXML

/// What a page is made of, read by a parser that knows nothing of how it was written. Pages are well-formed XML as well as HTML.
final class Outline: NSObject, XMLParserDelegate {
    /// Each start tag, with the names of its attributes in order of the alphabet.
    private(set) var elements: [String] = []
    private(set) var attributes: [(element: String, values: [String: String])] = []
    private(set) var text = ""

    var attributeNames: Set<String> { Set(attributes.flatMap { $0.values.keys }) }

    /// Everything that a browser would go to or send to.
    var addresses: [String] {
        attributes.flatMap { attribute in
            ["href", "src", "action"].compactMap { attribute.values[$0] }
                + (attribute.values["data-api"].map { api in api.split(separator: " ").dropFirst().map(String.init) }
                    ?? [])
        }
    }

    struct NotWellFormed: Error { let reason: String }

    init(of html: HTML) throws {
        super.init()
        let parser = XMLParser(data: Data(html.markup.replacingOccurrences(of: "<!DOCTYPE html>\n", with: "").utf8))
        parser.delegate = self
        guard parser.parse() else {
            let lines = html.markup.split(separator: "\n", omittingEmptySubsequences: false)
            let line = parser.lineNumber < lines.count ? String(lines[parser.lineNumber].prefix(400)) : ""
            throw NotWellFormed(reason: "\(parser.parserError.map(String.init(describing:)) ?? "") at \(line)")
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes values: [String: String]
    ) {
        elements.append(([name] + values.keys.sorted()).joined(separator: " "))
        attributes.append((name, values))
        text += values.values.joined(separator: " ")
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
