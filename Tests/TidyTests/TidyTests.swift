import Foundation
import TestSupport
import Testing

/// What a reviewer would otherwise have to look for by eye, on every change.
@Suite struct TidyTests {
  /// The story of ARCHITECTURE.md: what each target may import, system modules apart.
  static let mayImport: [String: Set<String>] = [
    "Model": [],
    "Documents": ["Yams"],
    "Policies": ["Model", "Documents", "DequeModule"],
    "Intake": [
      "Model", "Documents", "CSimdjson", "CIsal", "CZstd", "Crypto", "Dispatch", "Foundation",
      "Glibc",
      "Synchronization",
    ],
    "Findings": ["Model", "Documents", "Policies", "Crypto", "Glibc", "Musl", "Darwin"],
    "Controls": ["Model", "Documents", "Policies", "Findings"],
    "History": ["Model", "Policies", "Findings", "GRDB", "Foundation"],
    "Reports": [
      "Model", "Policies", "Findings", "Controls", "CLibXML2", "Crypto", "Foundation",
    ],
    "sequitur": [
      "Model", "Documents", "Policies", "Intake", "Findings", "Controls", "History",
      "Reports", "ArgumentParser", "CFiles", "CLibArchive", "Dispatch", "Foundation", "Glibc",
      "Synchronization",
    ],
  ]

  static let swiftFiles: [String] = {
    let manager = FileManager.default
    return ["Sources", "Tests"].flatMap { top -> [String] in
      let paths = manager.enumerator(atPath: Project.root.appendingPathComponent(top).path)
      return (paths?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".swift") }.map { "\(top)/\($0)" }
    }.sorted()
  }()

  static func lines(_ path: String) throws -> [Substring] {
    try Project.text(path).split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func thereAreSourcesToLookAt() { #expect(Self.swiftFiles.count > 30) }

  @Test func importsFollowTheOrderOfTheModules() throws {
    for path in Self.swiftFiles where path.hasPrefix("Sources/") {
      let target = String(path.split(separator: "/")[1])
      let allowed = try #require(Self.mayImport[target], "\(path): target is not in the list")
      for line in try Self.lines(path) {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at <= 1, words.count > at + 1 else {
          continue
        }
        let module = String(words.last ?? "")
        #expect(allowed.contains(module), "\(path) imports \(module)")
      }
    }
  }

  @Test func filesAndFunctionsAreShort() throws {
    for path in Self.swiftFiles {
      let lines = try Self.lines(path)
      #expect(lines.count <= 500, "\(path) has \(lines.count) lines")
      for (start, line) in lines.enumerated() {
        let body = line.drop { $0 == " " }
        guard body.hasSuffix("{"), body.contains("func ") || body.hasPrefix("init") else {
          continue
        }
        let indent = String(repeating: " ", count: line.count - body.count)
        let end = lines[(start + 1)...].firstIndex { $0 == "\(indent)}" } ?? start
        #expect(end - start <= 70, "\(path):\(start + 1): a function of \(end - start) lines")
      }
    }
  }

  @Test func nothingForbiddenIsWritten() throws {
    let forbidden = ["try" + "!", "as" + "!", "fatal" + "Error(", "@un" + "checked", "TO" + "DO"]
    for path in Self.swiftFiles {
      for (number, line) in try Self.lines(path).enumerated() {
        for word in forbidden where line.contains(word) {
          Issue.record("\(path):\(number + 1): \(word)")
        }
      }
    }
  }

  @Test func packageTypesAndFunctionsAreDocumented() throws {
    let declarations = ["struct ", "enum ", "func ", "init(", "init?("]
    for path in Self.swiftFiles where path.hasPrefix("Sources/") {
      let lines = try Self.lines(path)
      for (number, line) in lines.enumerated() {
        let body = line.drop { $0 == " " }
        guard body.hasPrefix("package "), declarations.contains(where: { body.contains($0) }),
          !body.contains("static func ==") && !body.contains("static func <")
        else { continue }
        var above = number - 1
        while above >= 0, lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        let comment = above >= 0 ? lines[above].drop { $0 == " " } : ""
        #expect(comment.hasPrefix("///"), "\(path):\(number + 1): no documentation: \(body)")
      }
    }
  }

  @Test func theFormatterHasNothingToSay() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["swift", "format", "lint", "--strict", "-r"]
      + ["Package.swift", "Sources", "Tests"].map { Project.root.appendingPathComponent($0).path }
    process.currentDirectoryURL = Project.root
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said.prefix(2_000))")
  }
}
