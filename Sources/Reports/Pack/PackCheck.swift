/// Checks an evidence pack: what it holds against its manifest, the manifest against its signature,
/// each format against its schema, and the formats against each other.
package struct PackCheck {
  /// Everything in the pack by path.
  private let names: [String]
  private let read: (String) throws -> [UInt8]

  /// A check of a pack.
  ///
  /// - Parameters:
  ///   - names: The paths of all files in the pack.
  ///   - read: Reads one of them.
  package init(names: [String], read: @escaping (String) throws -> [UInt8]) {
    self.names = names.sorted()
    self.read = read
  }

  /// The manifest, or why there is none.
  package func manifest() throws(PackProblem) -> Manifest {
    guard names.contains(Manifest.path) else {
      throw PackProblem(file: Manifest.path, reason: "not in the pack")
    }
    return try Manifest(try bytes(Manifest.path))
  }

  /// Everything that is wrong, each naming its file, in the order of the checks.
  ///
  /// - Parameters:
  ///   - key: Whose signature the pack must have; without it no signature is asked for.
  ///   - schemas: The schemas of report.json and report.xml.
  package func problems(key: VerifyingKey?, schemas: PackSchemas) -> [PackProblem] {
    let manifest: Manifest
    do { manifest = try self.manifest() } catch { return [error] }
    var found = wrongFiles(manifest) + wrongEnvelope(manifest, key: key)
    // What was tampered with need not be read as a report.
    if found.isEmpty { found = wrongContent(manifest, schemas) }
    return found
  }

  private func bytes(_ path: String) throws(PackProblem) -> [UInt8] {
    do { return try read(path) } catch {
      throw PackProblem(file: path, reason: "cannot be read: \(error)")
    }
  }

  private func wrongFiles(_ manifest: Manifest) -> [PackProblem] {
    var found: [PackProblem] = []
    let own = [Manifest.path, Manifest.envelopePath]
    let listed = Set(manifest.files.map(\.path))
    for file in manifest.files {
      guard names.contains(file.path) else {
        found.append(PackProblem(file: file.path, reason: "not in the pack, but in its manifest"))
        continue
      }
      do {
        let content = try bytes(file.path)
        if content.count != file.bytes || FileDigest.of(content) != file.sha256 {
          found.append(
            PackProblem(file: file.path, reason: "its content is not that of the manifest"))
        }
      } catch { found.append(error) }
    }
    for name in names where !listed.contains(name) && !own.contains(name) {
      found.append(PackProblem(file: name, reason: "in the pack, but not in its manifest"))
    }
    for name in own where listed.contains(name) {
      found.append(PackProblem(file: name, reason: "a manifest cannot list itself"))
    }
    do {
      if try bytes(Manifest.path) != manifest.bytes {
        found.append(PackProblem(file: Manifest.path, reason: "not as the tool writes it"))
      }
    } catch { found.append(error) }
    return found
  }

  private func wrongEnvelope(_ manifest: Manifest, key: VerifyingKey?) -> [PackProblem] {
    guard names.contains(Manifest.envelopePath) else {
      guard key != nil else { return [] }
      return [PackProblem(file: Manifest.envelopePath, reason: "not in the pack: it is not signed")]
    }
    do {
      let envelope = try bytes(Manifest.envelopePath)
      return Envelope.problem(envelope, about: manifest, key: key).map { [$0] } ?? []
    } catch { return [error] }
  }

  private func wrongContent(_ manifest: Manifest, _ schemas: PackSchemas) -> [PackProblem] {
    var found: [PackProblem] = []
    var files: [RenderedFile] = []
    for file in manifest.files {
      do { files.append(RenderedFile(path: file.path, bytes: try bytes(file.path))) } catch {
        found.append(error)
      }
    }
    for file in files {
      let mistakes: [String]
      switch file.path {
      case "report.xml": mistakes = validate(xml: file.bytes, schema: schemas.xml)
      case "report.json": mistakes = validate(json: file.bytes, schema: schemas.json)
      default: continue
      }
      found += mistakes.map { PackProblem(file: file.path, reason: "not valid: \($0)") }
    }
    let between = disagreements(between: files)
    return found + between.map { PackProblem(file: "the formats disagree", reason: $0) }
  }
}

/// The schemas that a pack is held against.
package struct PackSchemas: Sendable {
  /// `report.xsd` and `report.schema.json`.
  package var xml: [UInt8]
  package var json: [UInt8]

  /// Schemas as they lie in `templates/schema/`.
  package init(xml: [UInt8], json: [UInt8]) {
    self.xml = xml
    self.json = json
  }
}
