internal import Crypto
internal import Foundation

/// An Ed25519 key that signs packs, in the PEM form that other tools read and write (RFC 8410).
package struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// A new key, drawn from the system's random numbers.
  package init() { key = Curve25519.Signing.PrivateKey() }

  /// A private key from its PEM text; nil when it is none.
  package init?(pem: String) {
    guard let bytes = PEM.content(pem, label: "PRIVATE KEY", prefix: PEM.privatePrefix),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    else { return nil }
    self.key = key
  }

  /// The private key as PEM.
  package var pem: String {
    PEM.text(key.rawRepresentation, label: "PRIVATE KEY", prefix: PEM.privatePrefix)
  }

  /// The public half.
  package var verifying: VerifyingKey { VerifyingKey(key: key.publicKey) }

  /// The signature of some bytes.
  func signature(of bytes: [UInt8]) throws -> [UInt8] {
    Array(try key.signature(for: Data(bytes)))
  }
}

/// The public half of a key: it says whether a signature was made with the other half.
package struct VerifyingKey: Sendable {
  fileprivate let key: Curve25519.Signing.PublicKey

  fileprivate init(key: Curve25519.Signing.PublicKey) { self.key = key }

  /// A public key from its PEM text; nil when it is none.
  package init?(pem: String) {
    guard let bytes = PEM.content(pem, label: "PUBLIC KEY", prefix: PEM.publicPrefix),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
    else { return nil }
    self.key = key
  }

  /// The public key as PEM.
  package var pem: String {
    PEM.text(key.rawRepresentation, label: "PUBLIC KEY", prefix: PEM.publicPrefix)
  }

  /// The SHA-256 of the key as it is published, by which people compare keys.
  package var id: String { FileDigest.of(PEM.publicPrefix + key.rawRepresentation) }

  /// Whether a signature of some bytes was made with the other half of this key.
  func isValid(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
    key.isValidSignature(Data(signature), for: Data(bytes))
  }
}

/// The frame around 32 bytes of a key; Ed25519 has one fixed form of each kind.
private enum PEM {
  static let privatePrefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  static let publicPrefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  static func text(_ bytes: Data, label: String, prefix: [UInt8]) -> String {
    let content = Data(prefix + bytes).base64EncodedString()
    return "-----BEGIN \(label)-----\n\(content)\n-----END \(label)-----\n"
  }

  static func content(_ text: String, label: String, prefix: [UInt8]) -> Data? {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
      let end = lines[begin...].firstIndex(of: "-----END \(label)-----"),
      let data = Data(base64Encoded: lines[(begin + 1)..<end].joined()),
      data.starts(with: prefix), data.count == prefix.count + 32
    else { return nil }
    return Data(data.dropFirst(prefix.count))
  }
}
