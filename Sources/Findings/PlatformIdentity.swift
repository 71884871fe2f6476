internal import Model

extension Agent {
  /// Whether it is a service of the platform itself, for example `ec2.amazonaws.com`.
  var isPlatformService: Bool {
    has("principalType", "AWSService") || has("principalType", "PlatformService")
  }

  /// Whether the platform made the role for one of its services: nobody but the platform can
  /// change what it may do.
  var isServiceLinked: Bool { has("serviceLinked", "true") }

  private func has(_ name: String, _ value: String) -> Bool {
    attributes.contains(NamedValue(name: name, value: value))
  }
}
