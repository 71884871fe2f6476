internal import Model

/// What of a CloudTrail event ties it to a task that another source tells of.
///
/// The id of the request, which the SDK that made it writes into its trace; the key of a session
/// that such a request has started; the session's name and its source identity, where whoever
/// started it put a task's or a trace's id there.
struct CloudTrailJoins {
  /// The indices of the paths, once it is known that there is something to be joined.
  private let requestPath: Int?
  private let grantedPath: Int?

  init(_ fields: FieldReader, _ reading: Reading) {
    let isJoining = reading.options.links != nil
    requestPath = isJoining ? fields.add("requestID") : nil
    grantedPath = isJoining ? fields.add("responseElements.credentials.accessKeyId") : nil
  }

  /// The largest index of its paths.
  var pathIndexMax: Int { max(requestPath ?? 0, grantedPath ?? 0) }

  /// Notes that an event has given somebody a temporary key.
  func noteGrant(_ values: CloudTrailValues, _ reading: inout Reading) {
    guard let grantedPath, let requestPath, let key = values[index: grantedPath] else { return }
    let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    reading.links.grants.append(
      LinkNotes.Grant(
        request: reading.linkKey(.request, values[index: requestPath] ?? nothing),
        caller: reading.linkKey(.credential, values[.accessKeyId] ?? nothing),
        key: reading.linkKey(.credential, key)))
  }

  /// Joins an event that is kept to the task that it belongs to, or says what must be known for it.
  func join(_ event: inout Event, _ values: CloudTrailValues, _ reading: inout Reading) {
    let name = sessionName(values)
    guard let requestPath else {
      reading.links.hasRequests = true
      if let name { reading.ask(name, of: event.session) }
      if let identity = values[.sourceIdentity] { reading.ask(identity, of: event.actor) }
      return
    }
    if let id = values[index: requestPath], reading.join(&event, .request, id, rule: .request) {
      return
    }
    if let key = values[.accessKeyId], reading.join(&event, .credential, key, rule: .credential) {
      return
    }
    if let identity = values[.sourceIdentity],
      reading.join(&event, named: identity, rule: .sourceIdentity)
    {
      return
    }
    if let name { _ = reading.join(&event, named: name, rule: .sessionName) }
  }

  /// The name of a role's session: what stands last in its ARN.
  private func sessionName(_ values: CloudTrailValues) -> UnsafeBufferPointer<UInt8>? {
    guard let arn = values[.arn],
      values[.issuerArn] != nil || values[.identityType]?.equals("AssumedRole") == true,
      let slash = arn.lastIndex(of: UInt8(ascii: "/"))
    else { return nil }
    return UnsafeBufferPointer(rebasing: arn[(slash + 1)...])
  }
}
