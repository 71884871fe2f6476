internal import Foundation

/// The signed statement about a pack: an in-toto statement in a DSSE envelope, signed with Ed25519.
///
/// The statement names every file of the pack and the manifest itself as subjects, so a manifest
/// whose digests were made again after a change no longer matches what was signed.
package enum Envelope {
  private static let payloadType = "application/vnd.in-toto+json"
  private static let statementType = "https://in-toto.io/Statement/v1"
  private static let predicateType = "urn:sequitur:review-manifest:1"

  /// `manifest.dsse.json` of a manifest.
  package static func sign(_ manifest: Manifest, with key: SigningKey) throws -> [UInt8] {
    let payload = statement(of: manifest)
    let signature = try key.signature(of: preAuthentication(payload))
    return JSONSink.document { sink in
      sink.text("payloadType", payloadType)
      sink.text("payload", Data(payload).base64EncodedString())
      sink.list("signatures", of: "signature") { sink in
        sink.member {
          $0.text("keyid", key.verifying.id)
          $0.text("sig", Data(signature).base64EncodedString())
        }
      }
    }
  }

  /// Who signed, by the ids that the envelope gives; nothing is checked.
  package static func keyIDs(_ bytes: [UInt8]) -> [String] {
    let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let signatures = root?["signatures"] as? [[String: Any]] ?? []
    return signatures.compactMap { $0["keyid"] as? String }
  }

  /// What is wrong with an envelope about a manifest; nil when it was signed with the key and says
  /// just what the manifest says. Without a key only the second is looked at.
  package static func problem(
    _ bytes: [UInt8], about manifest: Manifest, key: VerifyingKey?
  ) -> PackProblem? {
    func wrong(_ reason: String) -> PackProblem {
      PackProblem(file: Manifest.envelopePath, reason: reason)
    }
    guard let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
      root["payloadType"] as? String == payloadType,
      let encoded = root["payload"] as? String, let payload = Data(base64Encoded: encoded),
      let signatures = root["signatures"] as? [[String: Any]], !signatures.isEmpty
    else { return wrong("not a DSSE envelope of an in-toto statement") }
    if let key {
      let signed = preAuthentication(Array(payload))
      let isSigned = signatures.contains { entry in
        (entry["sig"] as? String).flatMap { Data(base64Encoded: $0) }
          .map { key.isValid(Array($0), of: signed) } ?? false
      }
      guard isSigned else { return wrong("no signature of it was made with the key \(key.id)") }
    }
    guard Array(payload) == statement(of: manifest) else {
      return wrong("what was signed is not what \(Manifest.path) says")
    }
    return nil
  }

  /// The statement, which follows from the manifest alone.
  private static func statement(of manifest: Manifest) -> [UInt8] {
    let bytes = manifest.bytes
    let subjects =
      [Manifest.File(path: Manifest.path, sha256: FileDigest.of(bytes), bytes: bytes.count)]
      + manifest.files
    return JSONSink.document { sink in
      sink.text("_type", statementType)
      sink.list("subject", of: "subject") { sink in
        for file in subjects {
          sink.member { sink in
            sink.text("name", file.path)
            sink.object("digest") { $0.text("sha256", file.sha256 ?? "") }
          }
        }
      }
      sink.text("predicateType", predicateType)
      sink.object("predicate") { sink in
        sink.text("review", manifest.review)
        sink.text("tool", "\(manifest.tool) \(manifest.toolVersion)")
        sink.text("schemaVersion", manifest.schemaVersion)
        sink.text("mappingsSha256", manifest.mappings)
      }
    }
  }

  /// What DSSE signs: type and payload with their lengths, so that neither can pass for the other.
  private static func preAuthentication(_ payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
  }
}
