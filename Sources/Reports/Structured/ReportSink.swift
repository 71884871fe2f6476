/// What report.json and report.xml have in common: named values, objects and lists, in one order.
///
/// The report is described once, over this; so names, order and ids cannot differ between the two.
protocol ReportSink {
  /// A named text.
  mutating func text(_ name: String, _ value: String)
  /// A named whole number.
  mutating func integer(_ name: String, _ value: Int)
  /// A named number, to six decimals; not written when it is infinite or not a number.
  mutating func number(_ name: String, _ value: Double)
  /// A named truth.
  mutating func flag(_ name: String, _ value: Bool)
  /// A named object.
  mutating func object(_ name: String, _ body: (inout Self) -> Void)
  /// A named list; its members are written with `member`, and XML calls each of them `item`.
  mutating func list(_ name: String, of item: String, _ body: (inout Self) -> Void)
  /// Opens a named list whose members may come in several parts of a document; `close` ends it.
  mutating func open(_ name: String, of item: String)
  /// Ends the list that was opened last.
  mutating func close()
  /// An object of the list that is open.
  mutating func member(_ body: (inout Self) -> Void)
  /// A text of the list that is open.
  mutating func member(text: String)
  /// Values by a name that is data: an object in JSON; in XML one `item` with an attribute `name`
  /// for each.
  mutating func map(_ name: String, of item: String, texts: [(name: String, value: String)])
  /// Counts by a name that is data.
  mutating func map(_ name: String, of item: String, counts: [(name: String, value: Int)])
}

extension ReportSink {
  /// A text that may be unknown: then `<name>AbsentBecause` says why.
  mutating func text(_ name: String, _ value: String?, absentBecause reason: String) {
    if let value { text(name, value) } else { text("\(name)AbsentBecause", reason) }
  }

  /// A list of texts.
  mutating func texts(_ name: String, of item: String, _ values: [String]) {
    list(name, of: item) { sink in
      for value in values { sink.member(text: value) }
    }
  }
}

/// Where a part of a document stands in it.
struct DocumentPart: Sendable {
  /// Whether nothing, and whether everything else of the document comes before it.
  var isFirst: Bool
  var isLast: Bool
  /// The list of the document that is open, with members, where the part begins.
  var list: (name: String, item: String)?
}
