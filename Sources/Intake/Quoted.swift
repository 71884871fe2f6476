/// User input for a message: in backticks, on one line, cut to a safe length.
func quoted(_ text: some StringProtocol) -> String {
  let lengthMax = 80
  var shown = ""
  for character in text.unicodeScalars.prefix(lengthMax) {
    let isControl =
      character.properties.generalCategory == .control
      || character.properties.generalCategory == .format
      || character.properties.generalCategory == .lineSeparator
      || character.properties.generalCategory == .paragraphSeparator
    shown.unicodeScalars.append(isControl || character == "`" ? "\u{FFFD}" : character)
  }
  let isCut = text.unicodeScalars.dropFirst(lengthMax).isEmpty == false
  return "`\(shown)\(isCut ? "…" : "")`"
}
