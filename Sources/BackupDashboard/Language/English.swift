/// The interface in English.
struct English: Phrases {
    // MARK: Frame

    var skipToContent: String { "Skip to content" }
    var mainNavigation: String { "Main" }
    var menu: String { "Menu" }
    var display: String { "Display" }
    var colours: String { "Colours" }
    var themeSystem: String { "As the system" }
    var themeLight: String { "Light" }
    var themeDark: String { "Dark" }
    var language: String { "Language" }
    var apply: String { "Apply" }
    var signOut: String { "Sign out" }
    var streamLost: String { "The live connection is lost. Reconnecting…" }
    var streamBack: String { "Live again" }
    var notUpdatedSince: String { "Not updated since {}" }
    var requestFailed: String { "This did not work" }
    var serverUnreachable: String { "The server can't be reached" }
    var needsScript: String { "To change anything here, JavaScript is needed." }
    var copied: String { "Copied" }
    var copy: String { "Copy" }
    var cancel: String { "Cancel" }
    var delete: String { "Delete" }
    var save: String { "Save" }
    var saved: String { "Saved" }
    var create: String { "Create" }
    var test: String { "Test" }
    var typeName: String { "To go on, type" }
    var choose: String { "Choose…" }
    var chosenAbove: String { "the database chosen above" }
    var all: String { "All" }
    var listIsCut: String { "Not all are in this list: the API has the others." }
    var on: String { "on" }
    var off: String { "off" }
    var turnOn: String { "Turn on" }
    var turnOff: String { "Turn off" }
    var actions: String { "Actions" }
    var about: String { "About" }
    var unknown: String { "unknown" }

    // MARK: Sections

    var overview: String { "Overview" }
    var agents: String { "Agents" }
    var discovered: String { "Discovered" }
    var jobs: String { "Jobs" }
    var runs: String { "Runs" }
    var restores: String { "Restores" }
    var storage: String { "Storage" }
    var healthChecks: String { "Health checks" }
    var statusPage: String { "Status page" }
    var notifications: String { "Notifications" }
    var audit: String { "Audit log" }
    var settings: String { "Settings" }

    // MARK: Lists

    var search: String { "Search" }
    var filter: String { "Filter" }
    var clearFilter: String { "Clear filter" }
    var anything: String { "Any" }
    var from: String { "From" }
    var to: String { "To" }
    var nothingMatches: String { "Nothing matches" }
    var widenFilter: String { "Ask for less, or clear the filter." }
    var firstPage: String { "First page" }
    var nextPage: String { "Next page" }
    var pages: String { "Pages" }
    var name: String { "Name" }
    var kind: String { "Kind" }
    var place: String { "Where" }
    var address: String { "Address" }
    var statusTitle: String { "Status" }
    var database: String { "Database" }
    var databases: String { "Databases" }
    var agent: String { "Agent" }
    var engine: String { "Engine" }
    var job: String { "Job" }
    var started: String { "Started" }
    var finished: String { "Finished" }
    var duration: String { "Duration" }
    var size: String { "Size" }
    var result: String { "Result" }
    var version: String { "Version" }
    var created: String { "Created" }
    var when: String { "When" }
    var who: String { "Who" }
    var what: String { "What" }
    var object: String { "Object" }

    // MARK: Time and counts

    var justNow: String { "just now" }
    var second: String { "s" }
    var today: String { "today" }
    var never: String { "never" }

    // MARK: Overview

    var allIsWell: String { "All is well: every database has a proven backup in time." }
    var nothingKnown: String { "No database is known yet: an agent looks for them." }
    var lookAtThis: String { "Something needs your attention." }
    var protectedDatabases: String { "Protected databases" }
    var everyDatabase: String { "every database found" }
    var lateBackups: String { "Late backups" }
    var nothingLate: String { "nothing is late" }
    var seeAbove: String { "see above" }
    var lastDay: String { "Last 24 hours" }
    var noneFailed: String { "no failures" }
    var connectedNow: String { "connected now" }
    var stored: String { "Stored" }
    var runningNow: String { "Running now" }
    var nothingRuns: String { "Nothing runs at the moment." }
    var needsAttention: String { "Needs attention" }
    var late: String { "late" }
    var away: String { "away" }
    var wasExpected: String { "was expected" }
    var lastProven: String { "last proven backup" }
    var recentRuns: String { "Recent runs" }
    var comingUp: String { "Coming up" }
    var calendarOfRuns: String { "A year of runs" }
    var allProven: String { "all proven" }
    var someFailed: String { "some failed" }
    var noneProven: String { "none proven" }
    var noRuns: String { "no runs" }

    // MARK: First run

    var welcome: String { "Welcome" }
    var welcomeLead: String { "From here to a first backup that can be restored: five minutes." }
    var stepOwner: String { "Create the owner" }
    var stepOwnerDone: String { "That is you." }
    var stepAgent: String { "Add the first agent" }
    var stepAgentText: String {
        """
        An agent runs beside your databases and connects outward only. No port has to be opened.
        """
    }
    var stepConnect: String { "See it connect" }
    var stepConnectText: String { "This page changes by itself as soon as the agent is here." }
    var stepProtect: String { "Protect a database" }
    var stepProtectText: String {
        """
        The agent has looked around. One click makes a nightly backup, and the first one begins at once.
        """
    }
    var stepBackup: String { "Watch the first backup" }
    var stepBackupText: String { "It counts only when it has been read back and proven." }
    var stepRestore: String { "Know how to restore" }
    var stepRestoreText: String {
        """
        You have a proven backup. This is how to get everything back, also on another machine.
        """
    }
    var keyLost: String { "Has the key been lost? Delete the agent and add it again." }
    var howToRestore: String { "Choose Restore on the backup's page, or run this anywhere:" }
    var toBackup: String { "Open the backup" }
    var protectMore: String { "Protect more databases" }

    // MARK: Agents

    var agentsLead: String { "Beside your databases. They connect outward only." }
    var addAgent: String { "Add agent" }
    var agentName: String { "Name of the host" }
    var agentNameHint: String { "As you call the machine, such as web-1." }
    var createAgent: String { "Make the key" }
    var pasteSnippet: String { "Put this into the docker-compose.yml beside your databases:" }
    var keyOnce: String { "The key is shown this once only." }
    var thenStart: String { "Then start it:" }
    var waitingForAgent: String { "Waiting for the agent to connect…" }
    var noAgents: String { "No agent yet" }
    var noAgentsNext: String { "Add one: you get a few lines for your docker-compose.yml." }
    var connected: String { "connected" }
    var lastSeen: String { "Last seen" }
    var configApplied: String { "configuration applied" }
    var configPending: String { "configuration on its way" }
    var rotateKey: String { "New key" }
    var agentAwayHint: String {
        """
        This agent is away. Look whether its container runs, and whether it reaches this server. Backups \
        that it misses are told as late.
        """
    }
    var host: String { "Host" }
    var system: String { "System" }
    var connectedSince: String { "Connected since" }
    var parallelJobs: String { "Backups at once" }
    var maintenance: String { "Maintenance window" }
    var autoUpdate: String { "Automatic updates" }
    var configuration: String { "Configuration" }
    var noTargets: String { "No database is protected here yet" }
    var noTargetsNext: String { "Protect one of those that the agent has found, below." }
    var testConnection: String { "Test connection" }
    var connectionWorks: String { "The agent reaches the database" }
    var deleteAgentTitle: String { "Delete this agent?" }
    var toAgents: String { "To the agents" }

    // MARK: Discovered

    var discoveredLead: String { "What your agents see. One click protects." }
    var container: String { "Container" }
    var network: String { "Network" }
    var protection: String { "Protection" }
    var protected: String { "protected" }
    var notProtected: String { "not protected" }
    var protect: String { "Protect" }
    var toJob: String { "its job" }
    var noDiscovered: String { "Nothing was found yet" }
    var noDiscoveredNext: String {
        """
        Agents look at the containers of their host. Give the agent Docker's socket, and start a database; \
        it is here within a minute.
        """
    }

    // MARK: Jobs

    var jobsLead: String { "What is backed up, when, and how it went last." }
    var addJob: String { "Add job" }
    var schedule: String { "Schedule" }
    var nextRun: String { "Next run" }
    var lastRun: String { "Last run" }
    var paused: String { "paused" }
    var active: String { "active" }
    var pause: String { "Pause" }
    var resume: String { "Resume" }
    var runNow: String { "Run now" }
    var byHand: String { "Only by hand" }
    var cronHourly: String { "Every hour" }
    var cronNightly: String { "Every night at 03:00 UTC" }
    var cronWeekly: String { "Every Sunday at 03:00 UTC" }
    var keepDays: String { "Keep for days" }
    var noJobs: String { "No job yet" }
    var noJobsNext: String { "Protect a discovered database: that makes its job." }
    var toDiscovered: String { "To what was discovered" }
    var toJobs: String { "To the jobs" }
    var plan: String { "Plan" }
    var retention: String { "Kept" }
    var expectedBy: String { "Next expected by" }
    var keptForever: String { "for ever" }
    var nextTimes: String { "Next times" }
    var noNextTimes: String { "Nothing is planned" }
    var noNextTimesWhy: String { "The job is paused, or runs only by hand." }
    var sizeOverTime: String { "Size over time" }
    var durationOverTime: String { "Duration over time" }
    var usualBand: String { "usual" }
    var tooFewRuns: String { "too few runs yet for a picture" }
    var noRunsOfJobNext: String { "Run it now, or wait for its time." }
    var deleteJobTitle: String { "Delete this job?" }

    // MARK: Runs

    var runsLead: String { "Every attempt at a backup. Only what was read back counts as one." }
    var noRunsYet: String { "No run yet" }
    var noRunsNext: String { "As soon as a job runs, you see it here." }
    var progress: String { "Progress" }
    var deleted: String { "deleted" }
    var backup: String { "Backup" }
    var backupsTitle: String { "Backups" }
    var nothingStored: String { "Nothing was stored" }
    var nothingStoredWhy: String { "A run that did not end well leaves no backup." }
    var dumpSize: String { "Before compression" }
    var proof: String { "Proof" }
    var encryptionTitle: String { "Encryption" }
    var objectKey: String { "Object" }
    var triggerTitle: String { "Begun by" }
    var attempt: String { "Attempt" }
    var log: String { "Log" }
    var noLog: String { "No log" }
    var noLogWhy: String { "The agent has sent none yet." }
    var wholeLog: String { "The whole log" }
    var whatFailed: String { "What failed" }
    var whatToDo: String { "What to do" }
    var cancelRun: String { "Cancel run" }
    var runAgain: String { "Run again" }
    var download: String { "Download" }
    var deleteRunTitle: String { "Delete this backup?" }
    var pipeline: String { "The way of the bytes" }
    var keepsUp: String { "keeps up" }
    var notYet: String { "not yet" }
    var goesOn: String { "going on" }
    var limits: String { "limits the speed" }

    // MARK: Restores

    var restoreVerb: String { "Restore" }
    var restoreWord: String { "restore" }
    var restoreTitle: String { "Restore this backup" }
    var restoreInto: String { "Into" }
    var otherDatabase: String { "Database" }
    var otherDatabaseHint: String { "Empty for the target's own." }
    var whatIsThere: String { "What may happen to what is there" }
    var createNew: String { "Only into a new or empty database" }
    var createNewConsequence: String {
        """
        Nothing that exists is touched. If the database has tables already, the restore is refused.
        """
    }
    var replace: String { "Replace what is there" }
    var identity: String { "Private key on the agent's host" }
    var identityHint: String { "file:PATH or env:NAME. Only its place is sent, the key never." }
    var restoresLead: String { "Ways back, and the drills that prove them." }
    var drill: String { "drill" }
    var restored: String { "restored and checked" }
    var done: String { "done" }
    var noRestores: String { "No restore yet" }
    var noRestoresNext: String { "Try one before you need it: choose a backup, and restore it into a new database." }
    var chooseBackup: String { "Choose a backup" }

    // MARK: Health

    var healthLead: String { "What your agents look at, again and again." }
    var addCheck: String { "Add check" }
    var uptime: String { "Uptime" }
    var latency: String { "Latency" }
    var periodTitle: String { "Period" }
    var up: String { "up" }
    var down: String { "down" }
    var everySeconds: String { "Every so many seconds" }
    var checkAddressHint: String { "A URL, or host:port for tcp." }
    var showOnStatusPage: String { "Show on the public status page" }
    var noChecks: String { "No check yet" }
    var noChecksNext: String { "Let an agent look at a page or a port: you hear of it when it is down." }

    // MARK: Status page

    var statusPageLead: String { "What the public sees of your checks." }
    var openPage: String { "Open the page" }
    var pageSettings: String { "Page" }
    var pageTitle: String { "Title" }
    var slug: String { "Address" }
    var slugHint: String { "The last part of its address: /status/…" }
    var published: String { "Published" }
    var components: String { "Components" }
    var nothingPublic: String { "No check is public" }
    var nothingPublicNext: String { "Mark one as shown on the status page." }
    var incidents: String { "Incidents" }
    var noIncidents: String { "No incidents." }
    var reportIncident: String { "Report an incident" }
    var incidentTitle: String { "Title" }
    var whatHappens: String { "What happens" }
    var publishIncident: String { "Publish" }
    var resolved: String { "resolved" }
    var allUp: String { "All systems work" }
    var someUnknown: String { "Of some systems nothing is known" }
    var someDown: String { "Some systems have problems" }
    var updated: String { "Updated" }

    // MARK: Storage

    var storageLead: String { "Where backups are, and how much they take." }
    var addStorage: String { "Add S3 storage" }
    var isDefault: String { "default" }
    var storageWorks: String { "An object was put, fetched and deleted: it works" }
    var noStorage: String { "No storage" }
    var noStorageNext: String { "Add a bucket of any S3 service." }
    var usageOverTime: String { "Usage over time" }
    var byDatabase: String { "By database" }
    var nothingStoredYet: String { "Nothing is stored yet" }
    var tooFewDays: String { "A picture comes with the second day." }
    var endpoint: String { "Endpoint" }
    var endpointHint: String { "Empty for AWS." }
    var bucket: String { "Bucket" }
    var region: String { "Region" }
    var prefix: String { "Prefix" }
    var accessKey: String { "Access key id" }
    var secretKey: String { "Secret access key" }
    var pathStyle: String { "Path-style addresses" }

    // MARK: Notifications

    var notificationsLead: String { "Who hears of it, also when nothing happened that should have." }
    var addChannel: String { "Add channel" }
    var channels: String { "Channels" }
    var lastSent: String { "Last sent" }
    var messageSent: String { "A message was sent" }
    var noChannels: String { "Nobody is told" }
    var noChannelsNext: String { "Add a channel: silence is a failure, and somebody must hear of it." }
    var whatIsTold: String { "What is told" }
    var channelSecret: String { "Secret" }
    var channelSecretHint: String { "It signs each message. It never comes back." }

    // MARK: Audit

    var auditLead: String { "Who did what, when, and from where." }
    var exportCSV: String { "Export CSV" }
    var noAudit: String { "Nothing in this time" }
    var noAuditNext: String { "Everything that somebody changes is written down here." }

    // MARK: Settings

    var account: String { "Your account" }
    var server: String { "This server" }
    var masterKey: String { "Master key" }
    var masterKeyHint: String {
        """
        Keep a copy of the master key's file where the backups are not: without it, backups that the server \
        encrypted can't be read.
        """
    }
    var apiDocument: String { "API" }
    var email: String { "Email" }
    var password: String { "Password" }
    var currentPassword: String { "Current password" }
    var newPassword: String { "New password" }
    var passwordHint: String { "Twelve characters or more." }
    var secondFactor: String { "Second factor" }
    var secondFactorWhy: String { "A code from your phone, so that a password alone opens nothing." }
    var secondFactorSecret: String { "Put this into your authenticator:" }
    var secondFactorCode: String { "Code from your authenticator" }
    var people: String { "People" }
    var addPerson: String { "Add person" }
    var roleTitle: String { "Role" }
    var disabled: String { "disabled" }
    var apiTokens: String { "API tokens" }
    var tokenName: String { "Name of the token" }
    var createToken: String { "Create token" }
    var tokenOnce: String { "The token is shown this once only." }
    var noTokens: String { "No token" }
    var noTokensNext: String { "Make one for scripts and the command line." }
    var lastUsed: String { "Last used" }
    var revoke: String { "Revoke" }

    // MARK: Entry

    var signIn: String { "Sign in" }
    var setUp: String { "Set up Backupy" }
    var setUpLead: String { "Create the owner's account. This link works once." }
    var yourName: String { "Your name" }
    var personName: String { "Name" }
    var createOwner: String { "Create the owner" }
    var notFound: String { "Not here" }
    var notFoundText: String { "There is nothing at this address, or it has been deleted." }
    var toOverview: String { "To the overview" }

    // MARK: Forms and refusals

    var close: String { "Close" }
    var addTarget: String { "Add a database" }
    var targetNameHint: String { "As you call it, such as shop." }
    var targetHostHint: String { "As the agent reaches it: a host name or an address." }
    var port: String { "Port" }
    var portHint: String { "Empty for the usual one." }
    var targetDatabaseHint: String { "Empty for the whole server; for SQLite the path of the file." }
    var username: String { "User" }
    var orByHand: String { "Or add one by hand, on the page of the agent:" }
    var setUpToken: String { "One-time token" }
    var setUpTokenHint: String { "The server has printed it at its first start." }
    var forbidden: String { "Not for you" }
    var forbiddenText: String { "Your role may not see this page. An administrator can change that." }
    var tooMany: String { "Too fast" }
    var tooManyText: String { "There were too many requests. Wait a minute, and load the page again." }
    var chat: String { "Chat" }
    var chatHint: String { "Its number, or @name." }
    var botToken: String { "Token of the bot" }
    var webhookAddress: String { "Webhook address" }
    var mailServer: String { "Mail server" }
    var mailSecurity: String { "Security" }
    var noTLS: String { "none" }
    var mailFrom: String { "From" }
    var mailTo: String { "To" }
    var onePerLine: String { "One a line." }
    var backupsInTime: String { "Whether backups come in time" }
    var resolve: String { "Resolve" }
    var checkFields: String { "Something is not filled in right." }
    var forbiddenAct: String { "Your role may not do that." }
    var unfitValue: String { "This does not fit." }
    var signedOut: String { "You are signed out. Sign in again." }
    var conflict: String { "This can't be done as things are now. Load the page again." }
    var preconditionFailed: String { "Something is missing that this needs." }
    var gone: String { "It is no longer there. Load the page again." }
    var serverBusy: String { "The server can't do this right now. Try again in a moment." }
    var nameTaken: String { "There is one of this name already." }
    var emailTaken: String { "Somebody has this email already." }
    var jobNameTaken: String { "There is a job of this name already; it may be paused." }
    var runGoesOn: String { "A run of this job is going on: wait for it, or cancel it." }
    var runEnded: String { "The run has ended." }
    var storeInUse: String { "Backups or jobs still need this storage." }
    var protectedMeanwhile: String { "This database has a target already. Load the page again." }
    var oneOwnerStays: String { "There must be an owner who can sign in." }
    var changedMeanwhile: String { "Somebody has changed this meanwhile. Load the page again." }
    var loginRefused: String { "The email, the password or the code is wrong." }
    var setUpRefused: String { "The token is not good: take that of the newest start." }
    var change: String { "Change" }
    var keepLast: String { "Keep the last" }
    var keepHourly: String { "Hourly" }
    var keepDaily: String { "Daily" }
    var keepWeekly: String { "Weekly" }
    var keepMonthly: String { "Monthly" }
    var keepYearly: String { "Yearly" }
    var keepHint: String { "A backup stays while one of these wants it. All of them 0: for ever." }
    var cronHint: String {
        "Five fields in UTC, as cron has them, or @hourly, @daily, @weekly; nothing for by hand only."
    }
    func failedText(_ traceID: String) -> String { "Something went wrong. The server's log has it under \(traceID)." }
    func resolveNamed(_ title: String) -> String { "Resolve \(title)" }
    func deleteNamed(_ name: String) -> String { "Delete \(name)" }
    func enableNamed(_ name: String) -> String { "Let \(name) in again" }
    func disableNamed(_ name: String) -> String { "Shut \(name) out" }
    func deleteCheckConsequence(_ name: String) -> String {
        "Nobody looks at \(name) any more, and what was found is forgotten."
    }
    func deleteChannelConsequence(_ name: String) -> String {
        "Nothing is told to \(name) any more, and what waits for it is dropped."
    }
    func deleteStorageConsequence(_ name: String) -> String {
        "\(name) is forgotten here, with its keys. The bucket stays as it is."
    }
    func deleteTargetConsequence(_ name: String) -> String {
        "Nothing backs up \(name) any more, and its jobs are deleted. Backups that exist are kept."
    }
    func deletePersonConsequence(_ name: String) -> String {
        "\(name) is signed out and can't come back; the tokens of that account stop working."
    }

    // MARK: With numbers and names

    func ago(_ time: String) -> String { "\(time) ago" }
    func ahead(_ time: String) -> String { "in \(time)" }
    func left(_ time: String) -> String { "\(time) left" }
    func backups(_ count: Int) -> String { Plural.english(count, "backup", "backups") }
    func unprotected(_ count: Int) -> String { Plural.english(count, "is not protected", "are not protected") }
    func failedRuns(_ count: Int) -> String { Plural.english(count, "failed", "failed") }
    func addedToday(_ size: String) -> String { "\(size) in 24 hours" }
    func calendarSummary(days: Int, bad: Int) -> String {
        """
        Calendar of a year: \(Plural.english(days, "day", "days")) with proven backups only, \
        \(Plural.english(bad, "day", "days")) with failures
        """
    }
    func dayOfRuns(succeeded: Int, failed: Int, missed: Int) -> String {
        "\(succeeded) proven, \(failed) failed, \(missed) missed"
    }
    func chartSummary(_ title: String, lowest: String, highest: String, newest: String) -> String {
        "\(title): from \(lowest) to \(highest), now \(newest)"
    }
    func usageSummary(from: String, to: String) -> String { "Usage, from \(from) to \(to)" }
    func uptimeSummary(_ name: String, _ share: String) -> String { "Uptime of \(name): \(share)" }
    func uptimeUnknown(_ name: String) -> String { "Uptime of \(name): not known yet" }
    func uptimeIn(_ period: String) -> String { "Uptime, \(self.period(period))" }
    func daysAgo(_ days: Int) -> String { Plural.english(days, "day ago", "days ago") }
    func waitingForNamed(_ name: String) -> String { "Waiting for \(name) to connect…" }
    func addJobNamed(_ name: String) -> String { "Add a job for \(name)" }
    func protectNamed(_ name: String) -> String { "Protect \(name)" }
    func runNowNamed(_ name: String) -> String { "Run \(name) now" }
    func testNamed(_ name: String) -> String { "Test \(name)" }
    func revokeNamed(_ name: String) -> String { "Revoke \(name)" }
    func rotateKeyConsequence(_ name: String) -> String {
        """
        The old key of \(name) stops working at once. The agent is away until its host has the new one; runs \
        that are under way go on.
        """
    }
    func deleteAgentConsequence(_ name: String, jobs: Int) -> String {
        """
        \(name) can't connect any more, and \(Plural.english(jobs, "job", "jobs")) of it will be deleted. \
        Nothing backs up its databases then. Backups that exist are kept.
        """
    }
    func deleteJobConsequence(_ job: String, _ target: String) -> String {
        "Nothing backs up \(target) by \(job) any more. Backups that exist are kept for as long as they were to be."
    }
    func deleteRunConsequence(_ target: String, _ day: String) -> String {
        """
        The backup of \(target) of \(day) is marked, and removed from the store after the grace period. \
        After that, nobody can bring it back.
        """
    }
    func restoreFrom(_ target: String, _ moment: String) -> String {
        "The state of \(target) as of \(moment) is put into a database."
    }
    func replaceConsequence(_ database: String, _ moment: String) -> String {
        """
        Everything in \(database) is dropped and replaced by its state of \(moment). What was written since \
        is lost.
        """
    }
    func everyMinutes(_ step: Int) -> String { step == 1 ? "Every minute" : "Every \(step) minutes" }
    func everyHour(minute: Int) -> String { minute == 0 ? "Every hour" : "Every hour, at minute \(minute)" }
    func everyHours(_ step: Int, minute: Int) -> String {
        "Every \(Plural.english(step, "hour", "hours")), at minute \(minute)"
    }
    func everyDay(_ time: String) -> String { "Every day at \(time)" }
    func everyWeek(_ days: String, _ time: String) -> String { "\(days) at \(time)" }
    func everyMonth(_ day: Int, _ time: String) -> String { "Day \(day) of each month at \(time)" }

    // MARK: Words of the model. What is not known is shown as it came.

    func status(_ name: String) -> String {
        switch name {
        case "pending": "pending"
        case "dispatched": "sent"
        case "running": "running"
        case "uploading": "uploading"
        case "validating": "proving"
        case "success": "proven"
        case "failed": "failed"
        case "cancelled": "cancelled"
        case "lost": "lost"
        default: name
        }
    }
    func trigger(_ name: String) -> String {
        switch name {
        case "schedule": "by schedule"
        case "manual": "by hand"
        case "retry": "again after a failure"
        default: name
        }
    }
    func pipelineStage(_ name: String) -> String {
        switch name {
        case "compress": "compress and encrypt"
        default: stage(name)
        }
    }
    func incidentStatus(_ name: String) -> String {
        switch name {
        case "investigating": "being looked into"
        case "identified": "cause found"
        case "monitoring": "being watched"
        case "resolved": resolved
        default: name
        }
    }
    func stage(_ name: String) -> String {
        switch name {
        case "dump": "dump"
        case "compress": "compress"
        case "encrypt": "encrypt"
        case "upload": "upload"
        case "validate", "validating": "read back"
        case "download", "downloading": "download"
        case "restore", "restoring": "restore"
        case "hooks": "hooks"
        case "connecting": "connect"
        case "finished": done
        default: name
        }
    }
    func readBack(_ name: String) -> String {
        switch name {
        case "none": "not read back"
        case "stream": "checked as it went out"
        case "first_frame": "beginning read back"
        case "full": "read back, all of it"
        default: name
        }
    }
    func encryption(_ name: String) -> String {
        switch name {
        case "server": "by the server's master key"
        case "recipients": "for your own keys only"
        case "none": "none"
        default: name
        }
    }
    func targetState(_ name: String) -> String {
        switch name {
        case "unchanged": "The database is as it was."
        case "created_empty": "An empty database was left."
        case "partial": "The database has a part of the data."
        case "complete": "The database has all of it."
        case "unknown": "Nobody knows what the database has."
        default: name
        }
    }
    func period(_ name: String) -> String {
        switch name {
        case "24h": "24 hours"
        case "7d": "7 days"
        case "30d": "30 days"
        case "90d": "90 days"
        default: name
        }
    }
    func storageKind(_ name: String) -> String {
        switch name {
        case "s3": "S3"
        case "embedded": "a directory of this server"
        default: name
        }
    }
    func channelKind(_ name: String) -> String {
        switch name {
        case "email": "Email"
        case "telegram": "Telegram"
        case "slack": "Slack"
        case "discord": "Discord"
        case "webhook": "Signed webhook"
        default: name
        }
    }
    func newsKind(_ name: String) -> String {
        switch name {
        case "run_failed": "A backup failed"
        case "run_recovered": "A backup succeeds again"
        case "backup_late": "A backup is late"
        case "agent_offline": "An agent is away"
        case "agent_online": "An agent is back"
        case "check_down": "A check is down"
        case "check_up": "A check is up again"
        case "retention_braked": "Retention was stopped: too much was to go"
        case "restore_finished": "A restore has ended"
        case "server_was_down": "The server was down"
        default: name
        }
    }
    func role(_ role: PageContext.Role) -> String {
        switch role {
        case .owner: "Owner"
        case .admin: "Administrator"
        case .operator: "Operator"
        case .viewer: "Viewer"
        }
    }
    func kept(_ rule: String, _ count: Int) -> String {
        switch rule {
        case "days": Plural.english(count, "day", "days")
        case "last": "the last \(count)"
        case "hourly": "\(count) hourly"
        case "daily": "\(count) daily"
        case "weekly": "\(count) weekly"
        case "monthly": "\(count) monthly"
        case "yearly": "\(count) yearly"
        default: "\(rule): \(count)"
        }
    }
    func weekdayShort(_ day: Int) -> String {
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        return names.indices.contains(day) ? names[day] : ""
    }
    func monthShort(_ month: Int) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return names.indices.contains(month - 1) ? names[month - 1] : ""
    }
}
