// swift-tools-version: 6.2

import PackageDescription

// Our own targets only: warnings of the dependencies are theirs.
let strict: [SwiftSetting] = Context.environment["BACKUPY_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + strict

// Of a release; `script/build --release` sets them.
let buildInfo: [CSetting] = ["BACKUPY_COMMIT", "BACKUPY_BUILD_DATE"].compactMap { name in
    Context.environment[name].map { .define(name, to: "\"\($0)\"") }
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
    name: "backupy",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "backupy", targets: ["backupy"]),
        .executable(name: "backupy-decrypt", targets: ["backupy-decrypt"]),
        .executable(name: "agent", targets: ["agent"]),
        .executable(name: "backupy-server", targets: ["backupy-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // Floor 0
        .target(name: "BackupCore", dependencies: ["CBackupSystem"], swiftSettings: settings),
        .target(name: "CBackupSystem"),
        .target(name: "CBuildInfo", cSettings: buildInfo),
        .target(name: "CMongo", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),

        // Floor 1
        .target(
            name: "BackupFormat",
            dependencies: ["BackupCore", "CZstd", "CZlib", crypto],
            swiftSettings: settings
        ),
        .target(
            name: "BackupDrivers",
            dependencies: [
                "BackupCore", "CBackupSystem", "CPostgreSQL", "CSQLite", "CMongo", crypto,
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "BackupStorage",
            dependencies: [
                "BackupCore", "CBackupSystem", "CExpat", crypto,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio,
            swiftSettings: settings
        ),
        .target(
            name: "BackupWire",
            dependencies: ["BackupCore", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["Protos"],
            swiftSettings: settings
        ),
        .target(name: "BackupState", dependencies: ["BackupCore", "CSQLite", crypto], swiftSettings: settings),
        .target(name: "BackupDiscovery", dependencies: ["BackupCore"], swiftSettings: settings),

        .target(name: "BackupAPI", dependencies: ["BackupCore"], swiftSettings: settings),
        .target(name: "BackupControl", dependencies: ["BackupCore", "CArgon2", crypto], swiftSettings: settings),

        // Floor 2
        .target(
            name: "BackupPipeline",
            dependencies: ["BackupCore", "BackupFormat", "CBackupSystem", crypto],
            swiftSettings: settings
        ),
        .target(
            name: "BackupControlStore",
            dependencies: [
                "BackupCore", "BackupControl", "CPostgreSQL", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),

        .target(
            name: "BackupDashboard",
            dependencies: ["BackupCore", "BackupControl"],
            exclude: ["Assets/Files"],
            swiftSettings: settings
        ),

        // Floor 3
        .target(
            name: "BackupServer",
            dependencies: [
                "BackupCore", "BackupFormat", "BackupStorage", "BackupWire", "BackupAPI", "BackupControl",
                "BackupControlStore", "BackupDashboard", "CBackupSystem", "CBuildInfo", "CCurl", crypto,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio,
            swiftSettings: settings
        ),
        .target(
            name: "BackupAgent",
            dependencies: [
                "BackupCore", "BackupFormat", "BackupDrivers", "BackupStorage", "BackupDiscovery", "BackupState",
                "BackupWire", "BackupPipeline", "CBackupSystem", "CBuildInfo", crypto,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ] + nio,
            swiftSettings: settings
        ),

        // Floor 4
        .executableTarget(
            name: "agent",
            dependencies: [
                "BackupCore", "BackupAgent", "CBackupSystem", argumentParser,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "backupy-server",
            dependencies: [
                "BackupCore", "BackupServer", "CBackupSystem", argumentParser,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "backupy",
            dependencies: [
                "BackupCore", "BackupFormat", "BackupDrivers", "BackupStorage", "BackupPipeline", "BackupAPI",
                "CBackupSystem", argumentParser,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "backupy-decrypt",
            dependencies: ["BackupCore", "BackupFormat", argumentParser],
            swiftSettings: settings
        ),

        // Measures a server: many agents in one process.
        .executableTarget(
            name: "backupy-load",
            dependencies: [
                "BackupCore", "BackupWire", argumentParser,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ] + nio,
            swiftSettings: settings
        ),

        // Tests
        .target(
            name: "BackupTestSupport",
            dependencies: [
                "BackupCore", "CBackupSystem", "BackupStorage", "BackupWire",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ] + nio,
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupCoreTests",
            dependencies: ["BackupCore", "BackupTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupFormatTests",
            dependencies: ["BackupFormat", "BackupCore", "BackupTestSupport", crypto],
            exclude: ["Vectors"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupDriversTests",
            dependencies: ["BackupDrivers", "BackupCore", "BackupTestSupport"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupStorageTests",
            dependencies: ["BackupStorage", "BackupCore", "BackupTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupPipelineTests",
            dependencies: [
                "BackupPipeline", "BackupFormat", "BackupStorage", "BackupDrivers", "BackupCore", "BackupTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupWireTests",
            dependencies: ["BackupWire", "BackupCore", "BackupTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupStateTests",
            dependencies: ["BackupState", "BackupCore", "BackupTestSupport"],
            exclude: ["Vectors"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupDiscoveryTests",
            dependencies: ["BackupDiscovery", "BackupDrivers", "BackupCore", "BackupTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupControlTests",
            dependencies: ["BackupControl", "BackupCore", "BackupTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupControlStoreTests",
            dependencies: ["BackupControlStore", "BackupControl", "BackupCore", "BackupTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupDashboardTests",
            dependencies: ["BackupDashboard", "BackupControl", "BackupCore", "BackupTestSupport"],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupServerTests",
            dependencies: [
                "BackupServer", "BackupAPI", "BackupControlStore", "BackupControl", "BackupWire", "BackupFormat",
                "BackupStorage", "BackupCore", "BackupTestSupport", "backupy-server", "agent", "backupy",
                "backupy-decrypt", crypto,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ] + nio,
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupAgentTests",
            dependencies: [
                "BackupAgent", "BackupWire", "BackupState", "BackupDiscovery", "BackupPipeline", "BackupFormat",
                "BackupStorage",
                "BackupDrivers", "BackupCore", "BackupTestSupport", "agent",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "backupy", "backupy-decrypt", "backupy-load", "BackupAPI", "BackupAgent", "BackupPipeline",
                "BackupFormat",
                "BackupStorage",
                "BackupDrivers", "BackupWire", "BackupState", "BackupControl", "BackupControlStore", "BackupServer",
                "BackupCore", "BackupTestSupport", argumentParser,
            ],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
    ]
)
