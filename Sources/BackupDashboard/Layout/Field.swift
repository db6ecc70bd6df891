/// Inputs with their labels. Names are those of the REST API's documents.
enum Field {
    /// How the JavaScript turns a value into JSON.
    enum Kind: String {
        case text
        case number
        /// One a line.
        case list
        case flag
        /// A text that can be taken away: sent where it is empty, too.
        case emptiable
    }

    static func text(
        _ name: String, _ label: String, value: String = "", type: String = "text", kind: Kind = .text,
        isRequired: Bool = false, hint: String = "", completes: String = "off", scope: String = ""
    ) -> HTML {
        let id = scope + "f-" + name
        return """
            <div class="field"><label for="\(id)">\(label)</label>\
            <input id="\(id)" name="\(name)" type="\(type)" value="\(value)" autocomplete="\(completes)" \
            data-kind="\(kind.rawValue)"\(" required=\"\"", if: isRequired)\(described(id, hint))/>\
            \(note(id, hint))\(problem(id, name))</div>
            """
    }

    static func area(_ name: String, _ label: String, value: String = "", kind: Kind = .list, hint: String = "") -> HTML
    {
        let id = "f-" + name
        return """
            <div class="field"><label for="\(id)">\(label)</label>\
            <textarea id="\(id)" name="\(name)" rows="3" data-kind="\(kind.rawValue)"\(described(id, hint))>\(value)</textarea>\
            \(note(id, hint))\(problem(id, name))</div>
            """
    }

    static func select(
        _ name: String, _ label: String, _ options: [(value: String, title: String)], selected: String = "",
        scope: String = ""
    ) -> HTML {
        let id = scope + "f-" + name
        let items = options.html { option in
            "<option value=\"\(option.value)\"\(" selected=\"\"", if: option.value == selected)>\(option.title)</option>"
        }
        return """
            <div class="field"><label for="\(id)">\(label)</label>\
            <select id="\(id)" name="\(name)" data-kind="text"\(described(id, ""))>\(items)</select>\(problem(id, name))</div>
            """
    }

    static func check(_ name: String, _ label: String, isOn: Bool, scope: String = "") -> HTML {
        let id = scope + "f-" + name
        return """
            <div class="field"><label class="check"><input type="checkbox" name="\(name)" data-kind="flag"\(" checked=\"\"", if: isOn)\(described(id, ""))/>\
            <span>\(label)</span></label>\(problem(id, name))</div>
            """
    }

    /// One of several of the same name: those that are on are a list.
    static func choice(_ name: String, _ value: String, _ label: String, isOn: Bool) -> HTML {
        """
        <label class="check"><input type="checkbox" name="\(name)" value="\(value)" data-kind="choice"\(" checked=\"\"", if: isOn)/>\
        <span>\(label)</span></label>
        """
    }

    /// Fields for one value of a choice above them. Whoever has no JavaScript sees those of the first.
    static func group(_ name: String, _ value: String, isFirst: Bool, _ fields: HTML) -> HTML {
        "<fieldset class=\"stack\" data-when=\"\(name)=\(value)\"\(" hidden=\"\" disabled=\"\"", if: !isFirst)>\(fields)</fieldset>"
    }

    static func hidden(_ name: String, _ value: String, kind: Kind = .text) -> HTML {
        "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\" data-kind=\"\(kind.rawValue)\"/>"
    }

    private static func described(_ id: String, _ hint: String) -> HTML {
        hint.isEmpty ? " aria-describedby=\"\(id)-error\"" : " aria-describedby=\"\(id)-hint \(id)-error\""
    }

    private static func note(_ id: String, _ hint: String) -> HTML {
        hint.isEmpty ? HTML() : "<p class=\"hint\" id=\"\(id)-hint\">\(hint)</p>"
    }

    /// Where JavaScript puts what is wrong with it.
    private static func problem(_ id: String, _ name: String) -> HTML {
        "<p class=\"field-error\" id=\"\(id)-error\" data-error-for=\"\(name)\"></p>"
    }
}
