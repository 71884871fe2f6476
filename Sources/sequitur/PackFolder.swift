internal import Foundation
internal import Reports

/// An evidence pack on disk: a folder, or an archive that is unpacked for as long as it is looked at.
final class PackFolder {
  /// The folder that holds the files.
  let url: URL
  /// The paths of all files below it.
  let names: [String]
  private let temporary: URL?

  /// Opens a pack.
  init(_ path: String) throws {
    let place = Location(path)
    switch place.kind {
    case .folder:
      url = URL(fileURLWithPath: path)
      names = try PackFolder.files(below: url)
      temporary = nil
    case .file:
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("sequitur-verify-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      do {
        names = try PackArchive.unpack(URL(fileURLWithPath: path), into: folder)
      } catch {
        try? FileManager.default.removeItem(at: folder)
        throw error
      }
      url = folder
      temporary = folder
    case .other(let what): throw Failure("\(path): expected a pack, not \(what)")
    case nil: throw Failure("\(path): no such file or folder")
    }
  }

  deinit {
    if let temporary { try? FileManager.default.removeItem(at: temporary) }
  }

  /// Reads one file.
  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url.appendingPathComponent(name)))
  }

  /// Whether a name can stand in a pack: relative, of harmless characters, without `..`.
  static func isPlain(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return !parts.isEmpty
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".."
          && part.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
              || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
          }
      }
  }

  /// All files of a folder, hidden ones too; a link or anything else that is no file is refused.
  private static func files(below root: URL) throws -> [String] {
    var names: [String] = []
    var pending = [""]
    while let prefix = pending.popLast() {
      let folder = root.appendingPathComponent(prefix)
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
        let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
        let place = Location(root.appendingPathComponent(path).path)
        guard !place.isLink else { throw Failure("\(path): a link; a pack holds plain files") }
        switch place.kind {
        case .folder: pending.append(path)
        case .file: names.append(path)
        case .other(let what): throw Failure("\(path): \(what); a pack holds plain files")
        case nil: throw Failure("\(path): gone before it was read")
        }
      }
    }
    return names.sorted()
  }
}
