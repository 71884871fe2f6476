internal import Model

/// Why a statement of a policy cannot be read.
struct PolicyFlaw: Error {
  var reason: String
}

/// One statement of an AWS policy document.
struct PolicyGrant {
  /// Its Sid, else its number from 1.
  var name: String
  var effect: Effect
  var actions: [String]
  var notActions: [String]
  var resources: [String]
  var notResources: [String]
  /// Its condition as JSON with sorted keys.
  var condition: String?

  /// Reads a statement; a single text stands for a list of one.
  ///
  /// - Parameter resource: What the policy hangs on, where it is one of a resource: `*`, or nothing,
  ///   means that one there.
  static func read(
    _ node: JSONNode, number: Int, of resource: String? = nil
  ) -> Result<PolicyGrant, PolicyFlaw> {
    let sid = node["Sid"]?.filledText
    let name = sid ?? String(number)
    guard node.isObject else {
      return .failure(PolicyFlaw(reason: "statement \(name) is \(node.kindWord)"))
    }
    let effect: Effect
    switch node["Effect"]?.text {
    case "Allow": effect = .allow
    case "Deny": effect = .deny
    case let other:
      let reason = "statement \(quoted(name)) has the effect \(quoted(other ?? "none"))"
      return .failure(PolicyFlaw(reason: reason))
    }
    func texts(_ key: String) -> [String] {
      node[key]?.oneOrMany.compactMap { $0.filledText } ?? []
    }
    var grant = PolicyGrant(
      name: name, effect: effect, actions: texts("Action"), notActions: texts("NotAction"),
      resources: texts("Resource"), notResources: texts("NotResource"), condition: nil)
    if let condition = node["Condition"], condition.isObject, !condition.members.isEmpty {
      grant.condition = JSONWriter.sortedText(condition)
    }
    if let resource, grant.resources == ["*"] || grant.resources + grant.notResources == [] {
      grant.resources = [resource]
    }
    if grant.actions.isEmpty, grant.notActions.isEmpty {
      let reason = "statement \(quoted(name)) has neither `Action` nor `NotAction`"
      return .failure(PolicyFlaw(reason: reason))
    }
    if grant.resources.isEmpty, grant.notResources.isEmpty {
      let reason = "statement \(quoted(name)) has neither `Resource` nor `NotResource`"
      return .failure(PolicyFlaw(reason: reason))
    }
    return .success(grant)
  }
}

/// Who may assume a role, by one statement of its trust policy.
enum PolicyTrust {
  /// The trusts of a statement: one for each principal.
  static func read(
    _ node: JSONNode, role: String, position: SourcePosition
  ) -> Result<[Trust], PolicyFlaw> {
    let actions = node["Action"]?.oneOrMany.compactMap { $0.text } ?? []
    let isAssuming = actions.contains {
      let action = $0.lowercased()
      return action == "*" || action == "sts:*" || action.hasPrefix("sts:assumerole")
    }
    guard isAssuming else { return .success([]) }
    guard node["Effect"]?.text == "Allow" else {
      return .failure(PolicyFlaw(reason: "a statement that does not allow is not weighed"))
    }
    guard let principal = node["Principal"] else {
      return .failure(PolicyFlaw(reason: "a statement without `Principal` is not weighed"))
    }
    var condition: String?
    if let node = node["Condition"], node.isObject, !node.members.isEmpty {
      condition = JSONWriter.sortedText(node)
    }
    var from: [String] = []
    if let text = principal.text { from.append(text) }
    for member in principal.members {
      from += member.value.oneOrMany.compactMap { $0.filledText }.map {
        member.name == "AWS" ? agents($0) : $0
      }
    }
    return .success(
      from.map { Trust(from: $0, to: role, condition: condition, position: position) })
  }

  /// The agents that an `AWS` principal means: an account means all of its users and roles, a
  /// session its role.
  private static func agents(_ principal: String) -> String {
    if principal.count == 12, principal.allSatisfy({ ("0"..."9").contains($0) }) {
      return "arn:aws:iam::\(principal):*"
    }
    let parts = principal.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn" else { return principal }
    if parts[5] == "root" { return "\(parts[0]):\(parts[1]):iam::\(parts[4]):*" }
    let names = parts[5].split(separator: "/")
    guard parts[2] == "sts", names.count > 1, names[0] == "assumed-role" else { return principal }
    return "\(parts[0]):\(parts[1]):iam::\(parts[4]):role/\(names[1])"
  }
}

/// The statements of a policy document: a list, or a single one.
func policyStatements(_ document: JSONNode) -> [JSONNode] {
  document["Statement"]?.oneOrMany ?? []
}

/// Calls with a policy document that is an object, JSON text, or JSON text with percent-encoding;
/// nil when it is none of these.
func withPolicyDocument<Value>(
  _ node: JSONNode, _ parser: JSONDocument, _ body: (JSONNode) -> Value
) -> Value? {
  if node.isObject { return body(node) }
  guard let text = node.text else { return nil }
  let bytes = text.hasPrefix("%") ? percentDecoded(text) : Array(text.utf8)
  guard case .value(let root, _) = parser.parse(bytes), root.isObject else { return nil }
  return body(root)
}

/// The bytes of a text with `%7B` and the like replaced; a stray `%` stays.
func percentDecoded(_ text: String) -> [UInt8] {
  let bytes = Array(text.utf8)
  var decoded: [UInt8] = []
  var index = 0
  while index < bytes.count {
    if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
      let high = hexDigit(bytes[index + 1]), let low = hexDigit(bytes[index + 2])
    {
      decoded.append(high << 4 | low)
      index += 3
    } else {
      decoded.append(bytes[index])
      index += 1
    }
  }
  return decoded
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte - UInt8(ascii: "A") + 10
  default: return nil
  }
}
