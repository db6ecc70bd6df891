/// Adding an agent: its name, and then the lines to paste, with its key in them. The key is in the answer of the API only, and
/// JavaScript puts it in place of `data-fill`; no page that the server makes has one.
struct AgentSnippet {
    let context: PageContext

    var opener: HTML {
        "<button type=\"button\" class=\"button primary\" data-opens=\"add-agent\" aria-haspopup=\"dialog\">\(Icon.plus)<span>\(context.phrases.addAgent)</span></button>"
    }

    var html: HTML {
        """
        <dialog id="add-agent" aria-labelledby="add-agent-title"><h2 id="add-agent-title">\(context.phrases.addAgent)</h2>
        \(form(closing: true))
        </dialog>
        """
    }

    func form(closing: Bool) -> HTML {
        let t = context.phrases
        return """
            <form method="post" data-api="POST /v1/agents" data-shows="agent-key" data-conflict="\(t.nameTaken)" class="stack">
            \(Field.text("name", t.agentName, isRequired: true, hint: t.agentNameHint, scope: "a"))
            <p class="form-error" role="alert"></p>
            <div class="actions">\(closing ? "<button type=\"button\" class=\"button\" data-closes=\"\">\(t.cancel)</button>" : HTML())\
            <button class="button primary">\(t.createAgent)</button></div>
            </form>
            <div id="agent-key" hidden="" class="stack">
            <p>\(t.pasteSnippet)</p>
            \(context.snippet(compose, id: "compose"))
            <p class="callout warning">\(t.keyOnce)</p>
            <p>\(t.thenStart) <code>docker compose up -d</code></p>
            <p class="waiting" data-waits-for="agent.connected" data-then="/agents/{id}"><span class="pulse" aria-hidden="true"></span><span>\(t.waitingForAgent)</span></p>
            \(closing ? "<div class=\"actions\"><button type=\"button\" class=\"button\" data-closes=\"\">\(t.close)</button></div>" : HTML())
            </div>
            """
    }

    private var compose: HTML {
        """
        services:
          backup-agent:
            image: backupy/agent:1
            environment:
              BACKUPY_SERVER_URL: \(context.agentURL)
              BACKUPY_AGENT_KEY: <span data-fill="key">…</span>
            volumes:
              - /var/run/docker.sock:/var/run/docker.sock:ro
              - backup-agent-state:/var/lib/backup-agent
            # The socket's group on this host: stat -c %g /var/run/docker.sock
            group_add: ["${DOCKER_GID:-999}"]
            restart: unless-stopped
        volumes:
          backup-agent-state:
        """
    }
}
