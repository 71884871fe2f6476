/// Words by which platforms say that a caller was not allowed.
enum DenialWords {
  /// Whether an error's code has them, whatever service of AWS writes it.
  static func areIn(code: LogText) -> Bool {
    // `AuthorizationHeaderMalformed` and the like are mistakes of the caller, not refusals.
    code.contains("AccessDenied") || code.contains("Unauthorized") || code.contains("Forbidden")
      || code.contains("NotAuthorized") || code.contains("AuthorizationError")
      || code.contains("ExplicitDeny")
  }

  /// Whether the type of an error, or its message, has them.
  ///
  /// - Parameter scratch: Where the text is written in lower case.
  static func areIn(message: LogText, _ scratch: TextScratch) -> Bool {
    if message.isEmpty { return false }
    if message.equals("401") || message.equals("403") || areIn(code: message) { return true }
    scratch.clear()
    scratch.appendLowercased(message)
    let text = scratch.text
    return text.contains("permission_denied") || text.contains("permissiondenied")
      || text.contains("permission denied") || text.contains("access denied")
      || text.contains("access_denied") || text.contains("unauthorized")
      || text.contains("unauthenticated") || text.contains("forbidden")
      || text.contains("not authorized")
  }
}
