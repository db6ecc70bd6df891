/// Line pictures of 20 by 20, drawn in the colour of the text beside them. They are always beside a text, and silent.
enum Icon {
    static func svg(_ path: HTML) -> HTML {
        """
        <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">\(path)</svg>
        """
    }

    static let copy: HTML = svg("<path d=\"M7 7h9v9H7zM13 7V4H4v9h3\"/>")
    static let plus: HTML = svg("<path d=\"M10 4v12M4 10h12\"/>")
    static let menu: HTML = svg("<path d=\"M3 6h14M3 10h14M3 14h14\"/>")
    static let person: HTML = svg("<circle cx=\"10\" cy=\"7\" r=\"3\"/><path d=\"M4 17c1-4 3-5 6-5s5 1 6 5\"/>")
    static let logo: HTML = """
        <svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">\
        <path class="logo-back" d="M12 2l9 4v6c0 5-3.6 8.7-9 10-5.400-1.300-9-5-9-10V6z"/>\
        <path class="logo-line" d="M7.500 9.500c0-1.100 2-2 4.500-2s4.500.9 4.500 2-2 2-4.500 2-4.500-.9-4.500-2zM7.500 9.500V15c0 1.100 2 2 4.500 2s4.500-.9 4.500-2V9.500"/></svg>
        """

    static func path(of section: Section) -> HTML {
        switch section {
        case .overview: "<path d=\"M3 10l7-6 7 6M5 9v7h10V9\"/>"
        case .agents: "<path d=\"M3 4h14v5H3zM3 11h14v5H3zM6 6.500h.01M6 13.500h.01\"/>"
        case .discovered: "<circle cx=\"9\" cy=\"9\" r=\"5\"/><path d=\"M13 13l4 4\"/>"
        case .jobs: "<circle cx=\"10\" cy=\"10\" r=\"7\"/><path d=\"M10 6v4l3 2\"/>"
        case .runs: "<path d=\"M4 5h2M9 5h7M4 10h2M9 10h7M4 15h2M9 15h7\"/>"
        case .restores: "<path d=\"M4 10a6 6 0 1 1 2 4.500M4 5v5h5\"/>"
        case .storage:
            "<ellipse cx=\"10\" cy=\"5\" rx=\"6\" ry=\"2.500\"/><path d=\"M4 5v10c0 1.400 2.700 2.500 6 2.500s6-1.100 6-2.500V5M4 10c0 1.400 2.700 2.500 6 2.500s6-1.100 6-2.500\"/>"
        case .health: "<path d=\"M2 10h4l2-5 4 10 2-5h4\"/>"
        case .statusPage:
            "<circle cx=\"10\" cy=\"10\" r=\"7\"/><path d=\"M3 10h14M10 3c5 4 5 10 0 14M10 3c-5 4-5 10 0 14\"/>"
        case .notifications: "<path d=\"M5 14V9a5 5 0 0 1 10 0v5l1 1H4zM8.500 17h3\"/>"
        case .audit: "<path d=\"M5 3h7l3 3v11H5zM8 9h4M8 12h4\"/>"
        case .settings:
            "<path d=\"M3 6h6M13 6h4M3 14h2M9 14h8\"/><circle cx=\"11\" cy=\"6\" r=\"2\"/><circle cx=\"7\" cy=\"14\" r=\"2\"/>"
        }
    }
}
