internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import Reports

/// `sequitur keygen`: a pair of keys, to sign evidence packs with and to check them.
struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Makes an Ed25519 key: NAME.key signs packs, NAME.pub checks them.",
    discussion: "Both are PEM, as other tools read them. An existing file is not overwritten.")
  @Argument(help: "The path of the key without its ending.") var name: String

  func run() throws {
    let key = SigningKey()
    try KeygenCommand.write(key.pem, to: "\(name).key", mode: 0o600)
    try KeygenCommand.write(key.verifying.pem, to: "\(name).pub", mode: 0o644)
    print("\(name).key  keep it secret; `sequitur review --sign-key` signs with it".printable)
    print("\(name).pub  give it to whoever checks; `sequitur verify --key` reads it".printable)
    print("key id    \(key.verifying.id)")
  }

  private static func write(_ text: String, to path: String, mode: mode_t) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw Failure("\(path): cannot be made: \(String(cString: strerror(errno)).lowercased())")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: Array(text.utf8))
  }
}

/// Keys from files.
enum KeyFile {
  /// The key that signs.
  static func signing(_ path: String) throws -> SigningKey {
    guard let key = SigningKey(pem: try readText(path, shownAs: path)) else {
      throw Failure("\(path): expected an Ed25519 private key as PEM; `sequitur keygen` makes one")
    }
    return key
  }

  /// The key that checks.
  static func verifying(_ path: String) throws -> VerifyingKey {
    guard let key = VerifyingKey(pem: try readText(path, shownAs: path)) else {
      throw Failure("\(path): expected an Ed25519 public key as PEM; `sequitur keygen` makes one")
    }
    return key
  }
}
