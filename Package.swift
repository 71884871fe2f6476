// swift-tools-version: 6.2
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A test target; folders that hold its data and no code are left out of the build.
func tests(_ name: String, of targets: [String]) -> Target {
  let data = ["Fixtures", "Golden", "cases"].filter { folder in
    FileManager.default.fileExists(
      atPath: "\(Context.packageDirectory)/Tests/\(name)Tests/\(folder)")
  }
  return .testTarget(
    name: "\(name)Tests",
    dependencies: targets.map { .byName(name: $0) } + ["TestSupport"],
    exclude: data,
    swiftSettings: strict)
}

/// What simdjson's on-demand parser is compiled for: without a word, x86 gets its slowest kernel.
/// SSE 4.2 and carry-less multiplication are in every x86-64 machine since 2010.
#if arch(x86_64)
  let simdFlags = ["-msse4.2", "-mpclmul"]
#else
  let simdFlags: [String] = []
#endif

let package = Package(
  name: "sequitur",
  products: [.executable(name: "sequitur", targets: ["sequitur"])],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
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
        "Model", "Documents", "CSimdjson", "CIsal", "CZstd",
        .product(name: "Crypto", package: "swift-crypto"),
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
      name: "History",
      dependencies: [
        "Model", "Policies", "Findings", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: [
        "Model", "Policies", "Findings", "Controls", "CLibXML2",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "CSimdjson",
      cxxSettings: [.unsafeFlags(["-O3"] + simdFlags)],
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
    .target(name: "CFiles"),
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CIsal", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .executableTarget(
      name: "sequitur",
      dependencies: [
        "Model", "Documents", "Policies", "Intake", "Findings", "Controls", "History", "Reports",
        "CFiles", "CLibArchive",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Model"], path: "Tests/TestSupport", swiftSettings: strict
    ),
    tests("Model", of: ["Model"]),
    tests("Documents", of: ["Documents"]),
    tests("Policies", of: ["Model", "Documents", "Policies", "Intake"]),
    tests("Conformance", of: ["Model", "Documents", "Policies"]),
    tests("Intake", of: ["Model", "Documents", "Intake"]),
    tests("Findings", of: ["Model", "Documents", "Policies", "Intake", "Findings"]),
    tests("Controls", of: ["Model", "Documents", "Policies", "Findings", "Controls"]),
    tests("History", of: ["Model", "Policies", "Findings", "History"]),
    tests("Reports", of: ["Model", "Policies", "Findings", "Controls", "Reports"]),
    tests("Sequitur", of: ["Model", "Reports", "sequitur"]),
    tests("Tidy", of: []),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
