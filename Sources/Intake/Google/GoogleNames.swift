internal import Model

/// How identities, resources and actions of Google Cloud are named, in grants and in logs alike.
///
/// An action is `gcp:PERMISSION`: `gcp:storage.objects.get`. A resource is the name that an audit
/// log has, with the project that the entry belongs to in its first place:
/// `projects/shop/buckets/orders/objects/2026.csv`.
enum GoogleNames {
  /// The platform's word: the name of its level table.
  static let platform = "gcp"

  /// Permissions that let their holder continue as a service account.
  static let impersonating: Set<String> = [
    "gcp:iam.serviceAccounts.actAs", "gcp:iam.serviceAccounts.getAccessToken",
    "gcp:iam.serviceAccounts.getOpenIdToken", "gcp:iam.serviceAccounts.implicitDelegation",
    "gcp:iam.serviceAccounts.signBlob", "gcp:iam.serviceAccounts.signJwt",
    "gcp:iam.serviceAccountKeys.create",
  ]

  /// Roles of Google's own that hold such a permission.
  static let impersonatingRoles: Set<String> = [
    "roles/iam.serviceaccounttokencreator", "roles/iam.serviceaccountuser",
    "roles/iam.serviceaccountopenidtokencreator", "roles/iam.workloadidentityuser",
    "roles/iam.serviceaccountkeyadmin", "roles/iam.serviceaccountadmin",
  ]

  /// Whether an id is a service account's address.
  static func isServiceAccount(_ id: String) -> Bool { id.hasSuffix(".gserviceaccount.com") }

  /// Whether a service account is one that Google made for a service of its own.
  static func isServiceAgent(_ id: String) -> Bool {
    guard isServiceAccount(id), let at = id.firstIndex(of: "@") else { return false }
    let host = id[id.index(after: at)...]
    return host.hasPrefix("gcp-sa-") || host == "cloudservices.gserviceaccount.com"
      || host == "cloudbuild.gserviceaccount.com" || host == "system.gserviceaccount.com"
      || (host.hasSuffix(".iam.gserviceaccount.com") && id.hasPrefix("service-"))
  }

  /// Says what an identity's id tells of its kind.
  static func describe(_ agent: inout Agent) {
    let type: String
    if isServiceAccount(agent.id) {
      agent.kind = .serviceAccount
      type = "GoogleServiceAccount"
      if isServiceAgent(agent.id) {
        agent.attributes.append(NamedValue(name: "serviceLinked", value: "true"))
      }
    } else if agent.id.hasPrefix("principal:") {
      agent.kind = .workload
      type = "GoogleFederatedIdentity"
    } else if agent.id.contains(".svc.id.goog[") {
      agent.kind = .serviceAccount
      type = "KubernetesServiceAccount"
    } else if agent.id == "system@google.com" {
      agent.kind = .workload
      type = "PlatformService"
    } else {
      agent.kind = .user
      type = "GoogleAccount"
    }
    agent.attributes.append(NamedValue(name: "principalType", value: type))
    agent.attributes.sort { $0.name < $1.name }
  }

  /// Whom a member of a binding means; nil where it is somebody deleted.
  static func member(_ text: String) -> CloudBinding.Member? {
    guard let colon = text.firstIndex(of: ":") else { return .group(text) }
    let rest = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "user", "serviceAccount": return .identity(rest)
    // `principal://...` is a whole name; `principalSet://...` stands for many.
    case "principal": return .identity(text)
    case "projectOwner": return .holders(role: "roles/owner", resource: "projects/\(rest)")
    case "projectEditor": return .holders(role: "roles/editor", resource: "projects/\(rest)")
    case "projectViewer": return .holders(role: "roles/viewer", resource: "projects/\(rest)")
    case "deleted": return nil
    default: return .group(text)
    }
  }

  /// What a binding on a resource reaches, as patterns of names in logs, for a name with or without
  /// its service: `//storage.googleapis.com/orders`, `projects/shop`.
  ///
  /// Logs and inventories name a project by its id or its number, so what lies in one is given by
  /// the rest of its name.
  static func patterns(of resource: String) -> [String] {
    var name = Substring(resource)
    var service = Substring()
    if name.hasPrefix("//") {
      service = name.dropFirst(2).prefix { $0 != "/" }
      name = name.dropFirst(2 + service.count).drop { $0 == "/" }
    }
    let parts = name.split(separator: "/")
    if name.hasPrefix("organizations/") || name.hasPrefix("folders/"), parts.count == 2 {
      return ["*"]
    }
    if service == "storage.googleapis.com", parts.count == 1 {
      return ["projects/*/buckets/\(name)", "projects/*/buckets/\(name)/*"]
    }
    guard parts.first == "projects", parts.count > 1 else { return [String(name), "\(name)/*"] }
    guard parts.count > 2 else { return [String(name), "\(name)/*"] }
    let rest = parts.dropFirst(2).joined(separator: "/")
    return ["projects/*/\(rest)", "projects/*/\(rest)/*"]
  }

  /// The service account that a resource is; nil for any other.
  static func account(ofResource resource: String) -> String? {
    let parts = resource.split(separator: "/")
    guard parts.count > 1, parts[parts.count - 2] == "serviceAccounts", let last = parts.last
    else { return nil }
    return String(last)
  }

  /// When a condition that is about time alone ends: `request.time < timestamp("...")`.
  static func expiry(_ expression: String) -> Timestamp? {
    let text = expression.filter { $0 != " " }
    let start = "request.time<timestamp("
    guard text.hasPrefix(start), text.hasSuffix(")") else { return nil }
    let inner = text.dropFirst(start.count).dropLast().trimmed(of: "\"'")
    return Timestamp(rfc3339: inner)
  }
}
