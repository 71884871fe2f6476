internal import Model

/// Statements as AWS policy documents.
///
/// Grammar and limits by the IAM User Guide ("Grammar of the IAM JSON policy language", "IAM and AWS
/// STS quotas"): version 2012-10-17, Sids of letters and digits, unique in a document; a managed
/// policy has at most 6,144 characters, white space not counted, and a role at most ten of them.
enum AWSPolicyText {
  /// Characters of one managed policy, white space between its parts left out.
  static let charactersMax = 6_144
  /// Managed policies that can be attached to one role without asking for more.
  static let documentsMax = 10

  /// The documents of some statements, each within the limit, and what could not be kept to it.
  static func texts(of statements: [Statement]) -> (texts: [String], notes: [String]) {
    let frame = document([]).compact.count
    var documents: [[Entry]] = [[]]
    var size = frame
    var notes: [String] = []
    for statement in statements {
      for part in parts(of: statement, most: charactersMax - frame - sidRoom) {
        let own = entry(part).compact.count + sidRoom
        if own > charactersMax - frame {
          notes.append("one statement alone is larger than a managed policy may be")
        }
        if size + own > charactersMax, !documents[documents.count - 1].isEmpty {
          documents.append([])
          size = frame
        }
        documents[documents.count - 1].append(entry(part))
        size += own
      }
    }
    if documents.count > documentsMax {
      notes.append(
        "\(documents.count) documents: a role takes \(documentsMax) managed policies unless its "
          + "quota is raised")
    }
    return (documents.map { document(numbered($0)).pretty }, notes)
  }

  /// Room for a number that makes a Sid unique, and the comma between statements.
  private static let sidRoom = 8

  /// A statement in parts that fit: its actions halved, then its resources.
  private static func parts(of statement: Statement, most: Int) -> [Statement] {
    guard entry(statement).compact.count > most else { return [statement] }
    var left = statement
    var right = statement
    if statement.actions.count > 1 {
      let half = statement.actions.count / 2
      left.actions = Array(statement.actions.prefix(half))
      right.actions = Array(statement.actions.dropFirst(half))
    } else if statement.resources.count > 1 {
      let half = statement.resources.count / 2
      left.resources = Array(statement.resources.prefix(half))
      right.resources = Array(statement.resources.dropFirst(half))
    } else {
      return [statement]
    }
    return parts(of: left, most: most) + parts(of: right, most: most)
  }

  /// One statement of a document: its Sid before it is made unique, and the rest.
  private struct Entry {
    let sid: String
    let members: [(name: String, value: JSONText)]

    var compact: [UInt8] {
      Array(JSONText.object([("Sid", .text(sid))] + members).compact.utf8)
    }
  }

  private static func entry(_ statement: Statement) -> Entry {
    var members: [(name: String, value: JSONText)] = [
      ("Effect", .text(statement.effect == .allow ? "Allow" : "Deny"))
    ]
    if statement.notActions.isEmpty {
      members.append(("Action", .texts(statement.actions)))
    } else {
      members.append(("NotAction", .texts(statement.notActions)))
    }
    if statement.notResources.isEmpty {
      members.append(
        ("Resource", .texts(statement.resources.isEmpty ? ["*"] : statement.resources)))
    } else {
      members.append(("NotResource", .texts(statement.notResources)))
    }
    if let condition = statement.condition { members.append(("Condition", .raw(condition))) }
    return Entry(sid: sid(statement.origin.statement), members: members)
  }

  /// Letters and digits of a statement's name; a number alone says which statement it was.
  private static func sid(_ name: String?) -> String {
    let plain = String(
      (name ?? "").unicodeScalars.filter {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
      }.map(Character.init).prefix(80))
    return plain.allSatisfy(\.isNumber) ? "Statement\(plain)" : plain
  }

  private static func numbered(_ entries: [Entry]) -> [JSONText] {
    var seen: Set<String> = []
    return entries.map { entry in
      var sid = entry.sid
      var number = 2
      while !seen.insert(sid).inserted {
        sid = "\(entry.sid)n\(number)"
        number += 1
      }
      return .object([("Sid", .text(sid))] + entry.members)
    }
  }

  private static func document(_ statements: [JSONText]) -> JSONText {
    .object([("Version", .text("2012-10-17")), ("Statement", .list(statements))])
  }
}
