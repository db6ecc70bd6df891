/// Every text of the interface. A language that lacks one does not compile.
protocol Phrases: Sendable {
    // MARK: Frame

    var skipToContent: String { get }
    var mainNavigation: String { get }
    var menu: String { get }
    var display: String { get }
    var colours: String { get }
    var themeSystem: String { get }
    var themeLight: String { get }
    var themeDark: String { get }
    var language: String { get }
    var apply: String { get }
    var signOut: String { get }
    var streamLost: String { get }
    var streamBack: String { get }
    var notUpdatedSince: String { get }
    var requestFailed: String { get }
    var serverUnreachable: String { get }
    var needsScript: String { get }
    var copied: String { get }
    var copy: String { get }
    var cancel: String { get }
    var delete: String { get }
    var save: String { get }
    var saved: String { get }
    var create: String { get }
    var test: String { get }
    var typeName: String { get }
    var choose: String { get }
    var chosenAbove: String { get }
    var all: String { get }
    var listIsCut: String { get }
    var on: String { get }
    var off: String { get }
    var turnOn: String { get }
    var turnOff: String { get }
    var actions: String { get }
    var about: String { get }
    var unknown: String { get }

    // MARK: Sections

    var overview: String { get }
    var agents: String { get }
    var discovered: String { get }
    var jobs: String { get }
    var runs: String { get }
    var restores: String { get }
    var storage: String { get }
    var healthChecks: String { get }
    var statusPage: String { get }
    var notifications: String { get }
    var audit: String { get }
    var settings: String { get }

    // MARK: Lists

    var search: String { get }
    var filter: String { get }
    var clearFilter: String { get }
    var anything: String { get }
    var from: String { get }
    var to: String { get }
    var nothingMatches: String { get }
    var widenFilter: String { get }
    var firstPage: String { get }
    var nextPage: String { get }
    var pages: String { get }
    var name: String { get }
    var kind: String { get }
    var place: String { get }
    var address: String { get }
    var statusTitle: String { get }
    var database: String { get }
    var databases: String { get }
    var agent: String { get }
    var engine: String { get }
    var job: String { get }
    var started: String { get }
    var finished: String { get }
    var duration: String { get }
    var size: String { get }
    var result: String { get }
    var version: String { get }
    var created: String { get }
    var when: String { get }
    var who: String { get }
    var what: String { get }
    var object: String { get }

    // MARK: Time and counts

    var justNow: String { get }
    var second: String { get }
    var today: String { get }
    var never: String { get }

    // MARK: Overview

    var allIsWell: String { get }
    var nothingKnown: String { get }
    var lookAtThis: String { get }
    var protectedDatabases: String { get }
    var everyDatabase: String { get }
    var lateBackups: String { get }
    var nothingLate: String { get }
    var seeAbove: String { get }
    var lastDay: String { get }
    var noneFailed: String { get }
    var connectedNow: String { get }
    var stored: String { get }
    var runningNow: String { get }
    var nothingRuns: String { get }
    var needsAttention: String { get }
    var late: String { get }
    var away: String { get }
    var wasExpected: String { get }
    var lastProven: String { get }
    var recentRuns: String { get }
    var comingUp: String { get }
    var calendarOfRuns: String { get }
    var allProven: String { get }
    var someFailed: String { get }
    var noneProven: String { get }
    var noRuns: String { get }

    // MARK: First run

    var welcome: String { get }
    var welcomeLead: String { get }
    var stepOwner: String { get }
    var stepOwnerDone: String { get }
    var stepAgent: String { get }
    var stepAgentText: String { get }
    var stepConnect: String { get }
    var stepConnectText: String { get }
    var stepProtect: String { get }
    var stepProtectText: String { get }
    var stepBackup: String { get }
    var stepBackupText: String { get }
    var stepRestore: String { get }
    var stepRestoreText: String { get }
    var keyLost: String { get }
    var howToRestore: String { get }
    var toBackup: String { get }
    var protectMore: String { get }

    // MARK: Agents

    var agentsLead: String { get }
    var addAgent: String { get }
    var agentName: String { get }
    var agentNameHint: String { get }
    var createAgent: String { get }
    var pasteSnippet: String { get }
    var keyOnce: String { get }
    var thenStart: String { get }
    var waitingForAgent: String { get }
    var noAgents: String { get }
    var noAgentsNext: String { get }
    var connected: String { get }
    var lastSeen: String { get }
    var configApplied: String { get }
    var configPending: String { get }
    var rotateKey: String { get }
    var agentAwayHint: String { get }
    var host: String { get }
    var system: String { get }
    var connectedSince: String { get }
    var parallelJobs: String { get }
    var maintenance: String { get }
    var autoUpdate: String { get }
    var configuration: String { get }
    var noTargets: String { get }
    var noTargetsNext: String { get }
    var testConnection: String { get }
    var connectionWorks: String { get }
    var deleteAgentTitle: String { get }
    var toAgents: String { get }

    // MARK: Discovered

    var discoveredLead: String { get }
    var container: String { get }
    var network: String { get }
    var protection: String { get }
    var protected: String { get }
    var notProtected: String { get }
    var protect: String { get }
    var toJob: String { get }
    var noDiscovered: String { get }
    var noDiscoveredNext: String { get }

    // MARK: Jobs

    var jobsLead: String { get }
    var addJob: String { get }
    var schedule: String { get }
    var nextRun: String { get }
    var lastRun: String { get }
    var paused: String { get }
    var active: String { get }
    var pause: String { get }
    var resume: String { get }
    var runNow: String { get }
    var byHand: String { get }
    var cronHourly: String { get }
    var cronNightly: String { get }
    var cronWeekly: String { get }
    var keepDays: String { get }
    var noJobs: String { get }
    var noJobsNext: String { get }
    var toDiscovered: String { get }
    var toJobs: String { get }
    var plan: String { get }
    var retention: String { get }
    var expectedBy: String { get }
    var keptForever: String { get }
    var nextTimes: String { get }
    var noNextTimes: String { get }
    var noNextTimesWhy: String { get }
    var sizeOverTime: String { get }
    var durationOverTime: String { get }
    var usualBand: String { get }
    var tooFewRuns: String { get }
    var noRunsOfJobNext: String { get }
    var deleteJobTitle: String { get }

    // MARK: Runs

    var runsLead: String { get }
    var noRunsYet: String { get }
    var noRunsNext: String { get }
    var progress: String { get }
    var deleted: String { get }
    var backup: String { get }
    var backupsTitle: String { get }
    var nothingStored: String { get }
    var nothingStoredWhy: String { get }
    var dumpSize: String { get }
    var proof: String { get }
    var encryptionTitle: String { get }
    var objectKey: String { get }
    var triggerTitle: String { get }
    var attempt: String { get }
    var log: String { get }
    var noLog: String { get }
    var noLogWhy: String { get }
    var wholeLog: String { get }
    var whatFailed: String { get }
    var whatToDo: String { get }
    var cancelRun: String { get }
    var runAgain: String { get }
    var download: String { get }
    var deleteRunTitle: String { get }
    var pipeline: String { get }
    var keepsUp: String { get }
    var notYet: String { get }
    var goesOn: String { get }
    var limits: String { get }

    // MARK: Restores

    var restoreVerb: String { get }
    var restoreWord: String { get }
    var restoreTitle: String { get }
    var restoreInto: String { get }
    var otherDatabase: String { get }
    var otherDatabaseHint: String { get }
    var whatIsThere: String { get }
    var createNew: String { get }
    var createNewConsequence: String { get }
    var replace: String { get }
    var identity: String { get }
    var identityHint: String { get }
    var restoresLead: String { get }
    var drill: String { get }
    var restored: String { get }
    var done: String { get }
    var noRestores: String { get }
    var noRestoresNext: String { get }
    var chooseBackup: String { get }

    // MARK: Health

    var healthLead: String { get }
    var addCheck: String { get }
    var uptime: String { get }
    var latency: String { get }
    var periodTitle: String { get }
    var up: String { get }
    var down: String { get }
    var everySeconds: String { get }
    var checkAddressHint: String { get }
    var showOnStatusPage: String { get }
    var noChecks: String { get }
    var noChecksNext: String { get }

    // MARK: Status page

    var statusPageLead: String { get }
    var openPage: String { get }
    var pageSettings: String { get }
    var pageTitle: String { get }
    var slug: String { get }
    var slugHint: String { get }
    var published: String { get }
    var components: String { get }
    var nothingPublic: String { get }
    var nothingPublicNext: String { get }
    var incidents: String { get }
    var noIncidents: String { get }
    var reportIncident: String { get }
    var incidentTitle: String { get }
    var whatHappens: String { get }
    var publishIncident: String { get }
    var resolved: String { get }
    var allUp: String { get }
    var someUnknown: String { get }
    var someDown: String { get }
    var updated: String { get }

    // MARK: Storage

    var storageLead: String { get }
    var addStorage: String { get }
    var isDefault: String { get }
    var storageWorks: String { get }
    var noStorage: String { get }
    var noStorageNext: String { get }
    var usageOverTime: String { get }
    var byDatabase: String { get }
    var nothingStoredYet: String { get }
    var tooFewDays: String { get }
    var endpoint: String { get }
    var endpointHint: String { get }
    var bucket: String { get }
    var region: String { get }
    var prefix: String { get }
    var accessKey: String { get }
    var secretKey: String { get }
    var pathStyle: String { get }

    // MARK: Notifications

    var notificationsLead: String { get }
    var addChannel: String { get }
    var channels: String { get }
    var lastSent: String { get }
    var messageSent: String { get }
    var noChannels: String { get }
    var noChannelsNext: String { get }
    var whatIsTold: String { get }
    var channelSecret: String { get }
    var channelSecretHint: String { get }

    // MARK: Audit

    var auditLead: String { get }
    var exportCSV: String { get }
    var noAudit: String { get }
    var noAuditNext: String { get }

    // MARK: Settings

    var account: String { get }
    var server: String { get }
    var masterKey: String { get }
    var masterKeyHint: String { get }
    var apiDocument: String { get }
    var email: String { get }
    var password: String { get }
    var currentPassword: String { get }
    var newPassword: String { get }
    var passwordHint: String { get }
    var secondFactor: String { get }
    var secondFactorWhy: String { get }
    var secondFactorSecret: String { get }
    var secondFactorCode: String { get }
    var people: String { get }
    var addPerson: String { get }
    var roleTitle: String { get }
    var disabled: String { get }
    var apiTokens: String { get }
    var tokenName: String { get }
    var createToken: String { get }
    var tokenOnce: String { get }
    var noTokens: String { get }
    var noTokensNext: String { get }
    var lastUsed: String { get }
    var revoke: String { get }

    // MARK: Entry

    var signIn: String { get }
    var setUp: String { get }
    var setUpLead: String { get }
    var yourName: String { get }
    var personName: String { get }
    var createOwner: String { get }
    var notFound: String { get }
    var notFoundText: String { get }
    var toOverview: String { get }

    // MARK: Forms and refusals

    var close: String { get }
    var addTarget: String { get }
    var targetNameHint: String { get }
    var targetHostHint: String { get }
    var port: String { get }
    var portHint: String { get }
    var targetDatabaseHint: String { get }
    var username: String { get }
    var orByHand: String { get }
    var setUpToken: String { get }
    var setUpTokenHint: String { get }
    var forbidden: String { get }
    var forbiddenText: String { get }
    var tooMany: String { get }
    var tooManyText: String { get }
    var chat: String { get }
    var chatHint: String { get }
    var botToken: String { get }
    var webhookAddress: String { get }
    var mailServer: String { get }
    var mailSecurity: String { get }
    var noTLS: String { get }
    var mailFrom: String { get }
    var mailTo: String { get }
    var onePerLine: String { get }
    var backupsInTime: String { get }
    var resolve: String { get }
    var checkFields: String { get }
    var forbiddenAct: String { get }
    var unfitValue: String { get }
    var signedOut: String { get }
    var conflict: String { get }
    var preconditionFailed: String { get }
    var gone: String { get }
    var serverBusy: String { get }
    var nameTaken: String { get }
    var emailTaken: String { get }
    var jobNameTaken: String { get }
    var runGoesOn: String { get }
    var runEnded: String { get }
    var storeInUse: String { get }
    var protectedMeanwhile: String { get }
    var oneOwnerStays: String { get }
    var changedMeanwhile: String { get }
    var loginRefused: String { get }
    var setUpRefused: String { get }
    var change: String { get }
    var keepLast: String { get }
    var keepHourly: String { get }
    var keepDaily: String { get }
    var keepWeekly: String { get }
    var keepMonthly: String { get }
    var keepYearly: String { get }
    var keepHint: String { get }
    var cronHint: String { get }
    func failedText(_ traceID: String) -> String
    func resolveNamed(_ title: String) -> String
    func deleteNamed(_ name: String) -> String
    func enableNamed(_ name: String) -> String
    func disableNamed(_ name: String) -> String
    func deleteCheckConsequence(_ name: String) -> String
    func deleteChannelConsequence(_ name: String) -> String
    func deleteStorageConsequence(_ name: String) -> String
    func deleteTargetConsequence(_ name: String) -> String
    func deletePersonConsequence(_ name: String) -> String

    // MARK: With numbers and names

    func ago(_ time: String) -> String
    func ahead(_ time: String) -> String
    func left(_ time: String) -> String
    func backups(_ count: Int) -> String
    func unprotected(_ count: Int) -> String
    func failedRuns(_ count: Int) -> String
    func addedToday(_ size: String) -> String
    func calendarSummary(days: Int, bad: Int) -> String
    func dayOfRuns(succeeded: Int, failed: Int, missed: Int) -> String
    func chartSummary(_ title: String, lowest: String, highest: String, newest: String) -> String
    func usageSummary(from: String, to: String) -> String
    func uptimeSummary(_ name: String, _ share: String) -> String
    func uptimeUnknown(_ name: String) -> String
    func uptimeIn(_ period: String) -> String
    func daysAgo(_ days: Int) -> String
    func waitingForNamed(_ name: String) -> String
    func protectNamed(_ name: String) -> String
    func addJobNamed(_ name: String) -> String
    func runNowNamed(_ name: String) -> String
    func testNamed(_ name: String) -> String
    func revokeNamed(_ name: String) -> String
    func rotateKeyConsequence(_ name: String) -> String
    func deleteAgentConsequence(_ name: String, jobs: Int) -> String
    func deleteJobConsequence(_ job: String, _ target: String) -> String
    func deleteRunConsequence(_ target: String, _ day: String) -> String
    func restoreFrom(_ target: String, _ moment: String) -> String
    func replaceConsequence(_ database: String, _ moment: String) -> String
    func everyMinutes(_ step: Int) -> String
    func everyHour(minute: Int) -> String
    func everyHours(_ step: Int, minute: Int) -> String
    func everyDay(_ time: String) -> String
    func everyWeek(_ days: String, _ time: String) -> String
    func everyMonth(_ day: Int, _ time: String) -> String

    // MARK: Words of the model. What is not known is shown as it came.

    func status(_ name: String) -> String
    func trigger(_ name: String) -> String
    func stage(_ name: String) -> String
    func pipelineStage(_ name: String) -> String
    func incidentStatus(_ name: String) -> String
    func readBack(_ name: String) -> String
    func encryption(_ name: String) -> String
    func targetState(_ name: String) -> String
    func period(_ name: String) -> String
    func storageKind(_ name: String) -> String
    func channelKind(_ name: String) -> String
    func newsKind(_ name: String) -> String
    func role(_ role: PageContext.Role) -> String
    /// A rule of retention: `days`, `last`, `hourly`…
    func kept(_ rule: String, _ count: Int) -> String
    /// - Parameter day: 0 is Monday.
    func weekdayShort(_ day: Int) -> String
    /// - Parameter month: from 1.
    func monthShort(_ month: Int) -> String
}
