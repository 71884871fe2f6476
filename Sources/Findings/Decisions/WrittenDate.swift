internal import Documents
internal import Model

/// A date as people and spreadsheets write it.
///
/// Spreadsheets rewrite dates by the language of whoever saves the file, so that a sheet comes back
/// with `31.12.2026`, `12/31/2026` or the number of the day.
enum WrittenDate: Equatable {
  /// What can only be one day; the last instant of it, or the instant that was written.
  case instant(Timestamp)
  /// Two numbers that may each be the month, and the year.
  case either(Int, Int, year: Int)
  case none

  /// Which of two numbers is the day.
  enum Order {
    case dayFirst, monthFirst
  }

  /// Reads a date; a clock behind it is left away unless it has a zone.
  init(_ text: String) {
    if let time = Timestamp(bound: text, isEnd: true) {
      self = .instant(time)
      return
    }
    let text = WrittenDate.withoutClock(text)
    if let time = Timestamp(bound: text, isEnd: true) {
      self = .instant(time)
    } else if let serial = WrittenDate.serial(text) {
      self = .instant(serial)
    } else {
      self = WrittenDate.parts(text)
    }
  }

  /// The order that a date with two possible ones can only have; nil when it says nothing.
  static func order(_ text: String) -> Order? {
    let numbers = WrittenDate.numbers(WrittenDate.withoutClock(text))
    guard numbers.count == 3, text.contains(where: { $0 == "/" || $0 == "-" }), numbers[0] < 1_000
    else { return nil }
    if numbers[0] > 12, numbers[1] <= 12 { return .dayFirst }
    if numbers[1] > 12, numbers[0] <= 12 { return .monthFirst }
    return nil
  }

  /// The last instant of a day; nil when there is no such day.
  static func day(_ year: Int, _ month: Int, _ day: Int) -> Timestamp? {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    guard year > 0, month > 0, day > 0 else { return nil }
    return Timestamp(
      bound: "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))", isEnd: true)
  }

  private static func parts(_ text: String) -> WrittenDate {
    let numbers = self.numbers(text)
    if let month = month(named: text), numbers.count == 2 {
      return day(year(numbers[1]), month, numbers[0]).map(WrittenDate.instant) ?? .none
    }
    guard numbers.count == 3, !text.contains(where: \.isLetter) else { return .none }
    if numbers[0] >= 1_000 {
      return day(numbers[0], numbers[1], numbers[2]).map(WrittenDate.instant) ?? .none
    }
    let year = year(numbers[2])
    let isDotted = text.contains(".")
    let (first, second) = (numbers[0], numbers[1])
    if isDotted || first == second || first > 12 {
      return day(year, second, first).map(WrittenDate.instant) ?? .none
    }
    if second > 12 { return day(year, first, second).map(WrittenDate.instant) ?? .none }
    return day(year, first, second) == nil ? .none : .either(first, second, year: year)
  }

  /// The runs of digits, where nothing but blanks, letters and the marks of dates stands between.
  private static func numbers(_ text: String) -> [Int] {
    guard text.count <= 40,
      text.allSatisfy({ $0.isLetter || " ./-,".contains($0) || $0.isASCIIDigit })
    else { return [] }
    return text.split { !$0.isASCIIDigit }.compactMap { Int($0) }
  }

  private static func year(_ number: Int) -> Int { number < 100 ? 2_000 + number : number }

  /// The month of the one word in a text, in English, whole or by its first letters.
  private static func month(named text: String) -> Int? {
    let names = [
      "january", "february", "march", "april", "may", "june", "july", "august", "september",
      "october", "november", "december",
    ]
    let words = text.lowercased().split { !$0.isLetter }
    guard words.count == 1, let word = words.first, word.count >= 3 else { return nil }
    return names.firstIndex { $0.hasPrefix(word) || word == "sept" && $0 == "september" }
      .map { $0 + 1 }
  }

  /// The number by which spreadsheets keep a day, counted from 1899-12-30, from 2000 to 2099; or the
  /// eight digits of year, month and day.
  private static func serial(_ text: String) -> Timestamp? {
    guard text.allSatisfy(\.isASCIIDigit), let number = Int(text) else { return nil }
    if text.count == 8 { return day(number / 10_000, number / 100 % 100, number % 100) }
    guard (36_526...73_050).contains(number) else { return nil }
    return Timestamp(
      bound: Timestamp.date(dayNumber: Int64(number - 25_569)), isEnd: true)
  }

  /// Without a clock as `00:00`, `00:00:00` or `12:00:00 AM` behind the date.
  private static func withoutClock(_ text: String) -> String {
    let isJoined = text.count > 10 && text.dropFirst(10).first == "T"
    if isJoined, text.contains(":") { return String(text.prefix(10)) }
    let words = text.split { $0 == " " || $0 == "\u{202F}" || $0 == "\u{A0}" }
    guard let clock = words.firstIndex(where: { $0.contains(":") }), clock > 0,
      words[clock].allSatisfy({ $0.isASCIIDigit || $0 == ":" || $0 == "." }),
      words[(clock + 1)...].allSatisfy({ ["am", "pm"].contains($0.lowercased()) })
    else { return text }
    return words[..<clock].joined(separator: " ")
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
