import Foundation
import Reports
import TestSupport
import Testing

/// Evidence packs: a good one is accepted in every form, and whatever was done to one is named.
@Suite(.serialized) struct PackTests {
  static let input = "examples/acme/input/procurement"

  /// A signed review, written once for all tests.
  struct Made {
    let scratch: Scratch
    var folder: String { scratch.url.appendingPathComponent("out/pack").path }
    var key: String { scratch.url.appendingPathComponent("a.pub").path }
    var other: String { scratch.url.appendingPathComponent("b.pub").path }
    func archive(_ ending: String) -> String {
      scratch.url.appendingPathComponent("out/pack.\(ending)").path
    }
  }

  static func make(_ name: String = "pack") throws -> Made {
    let made = Made(scratch: try Scratch())
    for key in ["a", "b"] {
      let path = made.scratch.url.appendingPathComponent(key).path
      let answer = try Command.run(["keygen", path])
      #expect(answer.status == 0, "\(answer.error)")
    }
    for form in ["zip", "tar.gz"] {
      let answer = try Command.run([
        "review", input, "--quiet", "--name", name, "--sign-key",
        made.scratch.url.appendingPathComponent("a.key").path, "--pack", form, "--out",
        made.scratch.url.appendingPathComponent("out").path,
      ])
      #expect(answer.status == 0, "\(answer.error)")
    }
    return made
  }

  static func verify(_ pack: String, _ flags: [String]) throws -> Command.Result {
    try Command.run(["verify", pack] + flags)
  }

  /// What `verify` says about a copy of a pack's folder after something was done to it.
  private static func refusal(
    _ made: Made, key: String? = nil, _ change: (URL) throws -> Void
  ) throws -> String {
    let copy = try Scratch()
    let folder = copy.url.appendingPathComponent("pack")
    try FileManager.default.copyItem(at: URL(fileURLWithPath: made.folder), to: folder)
    try change(folder)
    let answer = try verify(folder.path, ["--key", key ?? made.key])
    #expect(answer.status == 2, "\(answer.output)")
    return answer.error
  }

  @Test func aGoodPackIsAcceptedInEveryForm() throws {
    let made = try PackTests.make()
    for pack in [made.folder, made.archive("zip"), made.archive("tar.gz")] {
      let answer = try PackTests.verify(pack, ["--key", made.key, "--inputs", PackTests.input])
      #expect(answer.status == 0, "\(answer.error)")
      #expect(answer.output.contains("the same bytes"))
      #expect(try PackTests.verify(pack, []).output.contains("not checked by whom"))
    }
  }

  @Test func theSameReviewGivesTheSameArchive() throws {
    let made = try PackTests.make()
    for form in ["zip", "tar.gz"] {
      let again = try Scratch()
      let answer = try Command.run(
        [
          "review", PackTests.input, "--quiet", "--name", "pack", "--sign-key",
          made.scratch.url.appendingPathComponent("a.key").path, "--pack", form, "--out",
          again.url.path, "--threads", "1",
        ], environment: ["TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"])
      #expect(answer.status == 0, "\(answer.error)")
      let first = try Data(contentsOf: URL(fileURLWithPath: made.archive(form)))
      #expect(try again.bytes("pack.\(form)") == first, "\(form)")
    }
  }

  @Test func oneByteChangedInAnyFileIsNamed() throws {
    let made = try PackTests.make()
    for path in try made.scratch.files() where path.hasPrefix("out/pack/") {
      let name = String(path.dropFirst("out/pack/".count))
      let said = try PackTests.refusal(made) { folder in
        let file = folder.appendingPathComponent(name)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
      }
      #expect(said.contains(name), "\(name): \(said)")
    }
  }

  @Test func filesAddedRemovedAndRenamedAreNamed() throws {
    let made = try PackTests.make()
    let added = try PackTests.refusal(made) {
      try Data("x".utf8).write(to: $0.appendingPathComponent("agents/added.html"))
    }
    #expect(added.contains("agents/added.html: in the pack, but not in its manifest"))
    let hidden = try PackTests.refusal(made) {
      try Data("x".utf8).write(to: $0.appendingPathComponent(".hidden"))
    }
    #expect(hidden.contains(".hidden: in the pack"))
    for name in ["cleanup.csv", "manifest.json", "manifest.dsse.json"] {
      let removed = try PackTests.refusal(made) {
        try FileManager.default.removeItem(at: $0.appendingPathComponent(name))
      }
      #expect(removed.contains("\(name): not in the pack"), "\(removed)")
    }
    let renamed = try PackTests.refusal(made) {
      try FileManager.default.moveItem(
        at: $0.appendingPathComponent("cleanup.csv"), to: $0.appendingPathComponent("tidy.csv"))
    }
    #expect(renamed.contains("cleanup.csv: not in the pack"))
    #expect(renamed.contains("tidy.csv: in the pack"))
    let linked = try PackTests.refusal(made) {
      let file = $0.appendingPathComponent("cleanup.csv")
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createSymbolicLink(
        atPath: file.path, withDestinationPath: made.folder + "/cleanup.csv")
    }
    #expect(linked.contains("cleanup.csv: a link"))
  }

  /// A manifest whose digests were made again fits the files, and not what was signed.
  @Test func aManifestMadeAgainWithoutTheKeyIsNamed() throws {
    let made = try PackTests.make()
    let said = try PackTests.refusal(made) { folder in
      let file = folder.appendingPathComponent("summary.md")
      let before = [UInt8](try Data(contentsOf: file))
      var after = before
      after[before.count / 2] ^= 1
      try Data(after).write(to: file)
      let url = folder.appendingPathComponent("manifest.json")
      let manifest = try String(contentsOf: url, encoding: .utf8).replacing(
        FileDigest.of(before), with: FileDigest.of(after))
      try Data(manifest.utf8).write(to: url)
    }
    #expect(said.contains("manifest.dsse.json: what was signed is not what manifest.json says"))
    let wrong = try PackTests.refusal(made, key: made.other) { _ in }
    #expect(wrong.contains("manifest.dsse.json: no signature of it was made with the key"))
  }

  @Test(arguments: ["zip", "tar.gz"]) func anArchiveCutShortIsRefused(ending: String) throws {
    let made = try PackTests.make()
    let whole = try Data(contentsOf: URL(fileURLWithPath: made.archive(ending)))
    for share in [1, 30, 50, 75, 97] {
      let cut = made.scratch.url.appendingPathComponent("cut.\(ending)")
      try whole.prefix(whole.count * share / 100).write(to: cut)
      let answer = try PackTests.verify(cut.path, ["--key", made.key])
      #expect(answer.status == 2, "\(share)%: \(answer.output)")
      #expect(answer.error.contains("cut.\(ending)"), "\(answer.error)")
    }
  }

  /// Entries that would be written elsewhere, or lead elsewhere.
  @Test(arguments: [
    ("zip", "../evil.txt", "file"), ("tar.gz", "../evil.txt", "file"),
    ("tar.gz", "/sequitur-evil.txt", "file"), ("tar.gz", "pack/a\\..\\evil", "file"),
    ("tar.gz", "pack/link", "symbolic"), ("tar.gz", "pack/link", "hard"),
    ("zip", "pack/link", "symbolic"), ("tar.gz", "pack/device", "device"),
    ("zip", "pack/../../evil.txt", "file"),
  ])
  func anEntryThatLeavesTheFolderIsRefused(form: String, name: String, kind: String) throws {
    let scratch = try Scratch()
    let archive = scratch.url.appendingPathComponent("bad.\(form)").path
    let script = """
      import io, sys, tarfile, zipfile
      path, form, name, kind = sys.argv[1:]
      if form == "zip":
          with zipfile.ZipFile(path, "w") as archive:
              entry = zipfile.ZipInfo(name)
              entry.create_system = 3
              entry.external_attr = (0o120777 if kind == "symbolic" else 0o100644) << 16
              archive.writestr(entry, "/etc/passwd")
      else:
          with tarfile.open(path, "w:gz") as archive:
              entry = tarfile.TarInfo(name)
              entry.linkname = "/etc/passwd" if kind in ("symbolic", "hard") else ""
              entry.type = {"file": tarfile.REGTYPE, "symbolic": tarfile.SYMTYPE,
                            "hard": tarfile.LNKTYPE, "device": tarfile.FIFOTYPE}[kind]
              entry.size = 4 if kind == "file" else 0
              archive.addfile(entry, io.BytesIO(b"evil") if kind == "file" else None)
      """
    guard try Validator.run("python3", ["-c", script, archive, form, name, kind]) != nil else {
      return
    }
    let answer = try PackTests.verify(archive, [])
    #expect(answer.status == 2)
    let last = name.split(separator: "/").last.map(String.init) ?? name
    #expect(answer.error.contains(last), "\(answer.error)")
    #expect(!FileManager.default.fileExists(atPath: "/sequitur-evil.txt"))
    #expect(!FileManager.default.fileExists(atPath: scratch.url.path + "/../evil.txt"))
  }

  @Test func otherInputsAreNamed() throws {
    let made = try PackTests.make()
    let copy = try Scratch()
    let folder = copy.url.appendingPathComponent("procurement")
    try FileManager.default.copyItem(
      at: Project.root.appendingPathComponent(PackTests.input), to: folder)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().first {
        $0.hasSuffix(".ndjson")
      })
    let file = folder.appendingPathComponent(name)
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data(text.split(separator: "\n").dropLast().joined(separator: "\n").utf8).write(to: file)
    let answer = try PackTests.verify(made.folder, ["--key", made.key, "--inputs", folder.path])
    #expect(answer.status == 2)
    #expect(answer.error.contains("\(name): the input at hand differs"), "\(answer.error)")
  }

  @Test func keysAreNotOverwrittenAndNotMistaken() throws {
    let scratch = try Scratch()
    let path = scratch.url.appendingPathComponent("key").path
    #expect(try Command.run(["keygen", path]).status == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: "\(path).key")[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(try Command.run(["keygen", path]).status == 2)
    let wrong = try Command.run([
      "review", PackTests.input, "--sign-key", "\(path).pub", "--out", scratch.url.path,
    ])
    #expect(wrong.status == 2 && wrong.error.contains("expected an Ed25519 private key"))
  }
}
