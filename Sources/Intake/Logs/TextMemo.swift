internal import Model

/// What texts come to, each worked out once: logs say the same few words again and again.
///
/// Where there are very many different ones they are no words, and all is forgotten.
struct TextMemo<Value> {
  private var texts = Symbols()
  private var values: [Value] = []
  private let textsMax = 1 << 14

  /// What a text comes to.
  mutating func value(of text: LogText, make: (LogText) -> Value) -> Value {
    let number = Int(texts.intern(text).raw) - 1
    if number < values.count { return values[number] }
    let value = make(text)
    if values.count < textsMax {
      values.append(value)
    } else {
      texts = Symbols()
      values = []
    }
    return value
  }
}
