// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Folders of a test target that hold data and no code.
func excludedFolders(_ target: String) -> [String] {
  ["Fixtures", "Golden", "cases"].filter { folder in
    FileManager.default.fileExists(
      atPath: "\(Context.packageDirectory)/Tests/\(target)/\(folder)")
  }
}

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "sequitur",
  products: [.executable(name: "sequitur", targets: ["sequitur"])],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    .target(name: "Model", swiftSettings: strict),
    .target(
      name: "Documents",
      dependencies: [.product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(
      name: "Policies",
      dependencies: [
        "Model", "Documents", .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(
      name: "Intake",
      dependencies: [
        "Model", "Documents", "CSimdjson", "CZlib", .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Findings",
      dependencies: [
        "Model", "Documents", "Policies", .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Controls", dependencies: ["Model", "Documents", "Policies", "Findings"],
      swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: [
        "Model", "Policies", "Findings", "Controls", "CLibXML2",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: strict),
    .target(
      name: "CSimdjson",
      cxxSettings: [.unsafeFlags(["-O3"])],
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .executableTarget(
      name: "sequitur",
      dependencies: [
        "Model", "Documents", "Policies", "Intake", "Findings", "Controls", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "ModelTests", dependencies: ["Model", "TestSupport"],
      exclude: excludedFolders("ModelTests"), swiftSettings: strict),
    .testTarget(
      name: "DocumentsTests", dependencies: ["Documents", "TestSupport"],
      exclude: excludedFolders("DocumentsTests"), swiftSettings: strict),
    .testTarget(
      name: "PoliciesTests", dependencies: ["Model", "Documents", "Policies", "TestSupport"],
      exclude: excludedFolders("PoliciesTests"), swiftSettings: strict),
    .testTarget(
      name: "IntakeTests", dependencies: ["Model", "Documents", "Intake", "TestSupport"],
      exclude: excludedFolders("IntakeTests"), swiftSettings: strict),
    .testTarget(
      name: "FindingsTests", dependencies: ["Model", "Documents", "Policies", "Intake", "Findings", "TestSupport"],
      exclude: excludedFolders("FindingsTests"), swiftSettings: strict),
    .testTarget(
      name: "ControlsTests", dependencies: ["Model", "Documents", "Policies", "Findings", "Controls", "TestSupport"],
      exclude: excludedFolders("ControlsTests"), swiftSettings: strict),
    .testTarget(
      name: "ReportsTests", dependencies: ["Model", "Policies", "Findings", "Controls", "Reports", "TestSupport"],
      exclude: excludedFolders("ReportsTests"), swiftSettings: strict),
    .testTarget(
      name: "ConformanceTests", dependencies: ["Model", "Documents", "Policies", "TestSupport"],
      exclude: excludedFolders("ConformanceTests"), swiftSettings: strict),
    .testTarget(
      name: "SequiturTests", dependencies: ["Model", "Documents", "Policies", "Intake", "Findings", "Controls", "Reports", "TestSupport"],
      exclude: excludedFolders("SequiturTests"), swiftSettings: strict),
    .testTarget(
      name: "TidyTests", dependencies: ["TestSupport"],
      exclude: excludedFolders("TidyTests"), swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
