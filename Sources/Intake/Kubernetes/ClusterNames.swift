/// How actions and resources of Kubernetes are named, in grants and in logs alike.
///
/// An action is `kubernetes:VERB:GROUP/RESOURCE[/SUBRESOURCE]`, with `core` for the group without
/// a name: `kubernetes:create:core/pods/exec`, `kubernetes:patch:apps/deployments`. A request for
/// a path that is no resource is `kubernetes:VERB:url`, and the path is what it acts on.
///
/// A resource is `namespaces/NAMESPACE/RESOURCE/NAME`, or `RESOURCE/NAME` outside of namespaces;
/// an action on all objects of a namespace is on `namespaces/NAMESPACE/RESOURCE/*`, one on all
/// objects of the cluster on `*`.
enum ClusterNames {
  /// The platform's word: the name of its level table.
  static let platform = "kubernetes"

  /// Whether a verb acts on a collection: with these a name in the request restricts nothing, or only
  /// where the caller asks for one object by a field selector.
  static func isOfCollection(_ verb: LogText) -> Bool {
    verb.equals("create") || verb.equals("list") || verb.equals("watch")
      || verb.equals("deletecollection")
  }

  /// An action pattern; each part may be `*`.
  static func action(verb: String, group: String, resource: String) -> String {
    "\(platform):\(verb):\(group.isEmpty ? "core" : group)/\(resource)"
  }

  /// The action on a path that is no resource.
  static func urlAction(verb: String) -> String { "\(platform):\(verb):url" }

  /// The id of a service account: the name by which the API server knows it.
  static func account(namespace: String, name: String) -> String {
    "system:serviceaccount:\(namespace):\(name)"
  }

  /// The namespace of a service account's id; nil for any other identity.
  static func namespace(ofAccount id: String) -> String? {
    let parts = id.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return nil }
    return String(parts[2])
  }

  /// Whether the objects of a built-in type lie outside of namespaces, so that a binding inside of
  /// one grants nothing on them. Objects of the type `namespaces` lie in themselves.
  static func isOutsideNamespaces(group: String, resource: String) -> Bool {
    let type = resource.prefix { $0 != "/" }
    let key = group.isEmpty || group == "core" ? String(type) : "\(group)/\(type)"
    return outsideNamespaces.contains(key)
  }

  private static let outsideNamespaces: Set<String> = [
    "componentstatuses", "groups", "nodes", "persistentvolumes", "uids", "users",
    "admissionregistration.k8s.io/mutatingadmissionpolicies",
    "admissionregistration.k8s.io/mutatingadmissionpolicybindings",
    "admissionregistration.k8s.io/mutatingwebhookconfigurations",
    "admissionregistration.k8s.io/validatingadmissionpolicies",
    "admissionregistration.k8s.io/validatingadmissionpolicybindings",
    "admissionregistration.k8s.io/validatingwebhookconfigurations",
    "apiextensions.k8s.io/customresourcedefinitions", "apiregistration.k8s.io/apiservices",
    "authentication.k8s.io/selfsubjectreviews", "authentication.k8s.io/tokenreviews",
    "authentication.k8s.io/uids", "authentication.k8s.io/userextras",
    "authorization.k8s.io/selfsubjectaccessreviews",
    "authorization.k8s.io/selfsubjectrulesreviews", "authorization.k8s.io/subjectaccessreviews",
    "certificates.k8s.io/certificatesigningrequests", "certificates.k8s.io/clustertrustbundles",
    "certificates.k8s.io/signers", "flowcontrol.apiserver.k8s.io/flowschemas",
    "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations", "metrics.k8s.io/nodes",
    "networking.k8s.io/ingressclasses", "networking.k8s.io/ipaddresses",
    "networking.k8s.io/servicecidrs", "node.k8s.io/runtimeclasses",
    "policy/podsecuritypolicies", "rbac.authorization.k8s.io/clusterrolebindings",
    "rbac.authorization.k8s.io/clusterroles", "resource.k8s.io/deviceclasses",
    "resource.k8s.io/resourceslices", "scheduling.k8s.io/priorityclasses",
    "storage.k8s.io/csidrivers", "storage.k8s.io/csinodes", "storage.k8s.io/storageclasses",
    "storage.k8s.io/volumeattachments", "storage.k8s.io/volumeattributesclasses",
  ]
}
