import Foundation
import TestSupport
import Testing

/// What is installed works from where it is installed, and the examples of running it are sound.
@Suite struct DeployTests {
  /// Runs a program; nil when it is not installed.
  private func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: URL = Project.root
  ) throws -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(
      decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 127 {
      print("skipped: \(program) is not installed")
      return nil
    }
    return (process.terminationStatus, output)
  }

  @Test func whatIsInstalledFindsItsMappings() throws {
    let folder = try Scratch()
    let binary = try Command.binary.path
    let made = try run(
      "make",
      ["install-files", "BINARY=\(binary)", "PREFIX=/usr", "DESTDIR=\(folder.url.path)"])
    guard let made else { return }
    #expect(made.status == 0, "\(made.output)")
    let installed = folder.url.appendingPathComponent("usr/bin/sequitur").path
    let elsewhere = try Scratch()
    let listed = try #require(try run(installed, ["policy", "list"], in: elsewhere.url))
    #expect(listed.status == 0, "\(listed.output)")
    #expect(listed.output.contains("deploy-with-secret-without-approval"))
    let share = "usr/share"
    for path in [
      "\(share)/bash-completion/completions/sequitur", "\(share)/zsh/site-functions/_sequitur",
      "\(share)/fish/vendor_completions.d/sequitur.fish",
    ] {
      #expect(try folder.bytes(path).count > 1_000, "\(path)")
    }
    let completion = folder.url.appendingPathComponent(
      "\(share)/bash-completion/completions/sequitur")
    let manual = folder.url.appendingPathComponent("\(share)/man/man1/sequitur.1").path
    if let page = try run("man", ["-l", "-Tutf8", manual], environment: ["PAGER": "cat"]) {
      #expect(page.status == 0, "\(page.output)")
      #expect(page.output.contains("--fail-on"), "\(page.output.prefix(400))")
    }
    if let checked = try run("bash", ["-n", completion.path]) {
      #expect(checked.status == 0, "\(checked.output)")
    }
  }

  @Test(arguments: [
    ("2026-10-05", "2026-07-01", "2026-09-30"), ("2026-01-01", "2025-10-01", "2025-12-31"),
    ("2026-04-30", "2026-01-01", "2026-03-31"), ("2026-09-08", "2026-04-01", "2026-06-30"),
  ])
  func theLastQuarterIsFound(today: String, from: String, to: String) throws {
    let answer = try #require(
      try run(
        "sh", ["examples/deploy/review-last-quarter", "in put", "--quiet"],
        environment: ["TODAY": today, "SEQUITUR": "echo"]))
    #expect(answer.status == 0)
    #expect(answer.output == "review in put --quiet --from \(from) --to \(to)\n")
  }

  @Test func systemdHasNothingToSay() throws {
    let folder = try Scratch()
    let names = ["sequitur-review.service", "sequitur-review.timer"]
    for name in names {
      let source = Project.root.appendingPathComponent("examples/deploy/\(name)")
      // The script is not installed here; everything else of the unit is checked as it is.
      let text = try String(contentsOf: source, encoding: .utf8).replacing(
        "/usr/local/share/sequitur/deploy/review-last-quarter", with: "/bin/true")
      try Data(text.utf8).write(to: folder.url.appendingPathComponent(name))
    }
    let paths = names.map { folder.url.appendingPathComponent($0).path }
    guard let checked = try run("systemd-analyze", ["verify", "--man=no"] + paths) else { return }
    let ours = checked.output.split(separator: "\n").filter { $0.contains("sequitur-review") }
    #expect(ours.isEmpty, "\(checked.output)")
    let calendar = try #require(
      try run(
        "systemd-analyze",
        ["calendar", "--base-time=2026-11-01 UTC", "*-01,04,07,10-05 03:00:00 UTC"]))
    #expect(calendar.output.contains("2027-01-05"), "\(calendar.output)")
  }

  /// The cluster's own schema, and that of the workflow files.
  @Test func manifestsAreValid() throws {
    let folder = Project.root.appendingPathComponent("examples/deploy").path
    guard let answer = try Validator.script("deploy.py", [folder]) else { return }
    #expect(answer.status == 0, "\(answer.output)")
  }

  /// The image has a package for each library that the binary asks for.
  @Test func theImageHasTheLibrariesOfTheBinary() throws {
    guard let answer = try run("readelf", ["-d", try Command.binary.path]), answer.status == 0
    else { return }
    let image = try Project.text("examples/deploy/Containerfile")
    let needed = answer.output.matches(of: /Shared library: \[(lib[a-z+]+[0-9]*)\.so/).map {
      String($0.1)
    }
    #expect(needed.count > 4)
    // Those of the system's C library, and of Swift, which is linked into what the image runs.
    let system = ["libc", "libm", "libgcc_s", "libgcc", "libpthread", "libdl", "libdispatch"]
    for library in needed
    where !system.contains(library) && !library.hasPrefix("libswift")
      && !library.contains("Foundation") && library != "libBlocksRuntime"
    {
      #expect(image.contains(" \(library)"), "the image lacks \(library)")
    }
  }

  /// What the examples say to `sequitur review` is what it knows.
  @Test func theExamplesNameOptionsThatThereAre() throws {
    let help = try Command.run(["review", "--help"]).output
    for name in try Project.names(in: "examples/deploy") {
      let text = try Project.text("examples/deploy/\(name)")
      for line in text.split(separator: "\n")
      where line.contains("review-last-quarter /") || line.contains("args: [/data")
        || line.contains("--exceptions") || line.contains("sequitur review")
      {
        for option in line.matches(of: /--[a-z-]+/) {
          #expect(help.contains(option.0), "\(name): \(option.0)")
        }
      }
    }
  }
}
