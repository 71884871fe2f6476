internal import Findings
internal import Model
internal import Policies

/// A chain as the pages show it: its picture, its events with the lines that prove them.
struct ChainView {
  let site: HTMLSite

  /// Events of a chain that are listed; an aggregate may have many alike.
  static let eventsMax = 12

  /// One occurrence in full.
  func occurrence(_ occurrence: Occurrence, of finding: Finding) -> ViewValue {
    let shown = occurrence.chain.prefix(ChainView.eventsMax)
    let anchor = Naming.anchor(occurrence.id)
    var links = Array(shown)
    if let excuse = occurrence.excusedBy { links.append(excuse) }
    return .object([
      "id": .exact(occurrence.id), "anchor": .exact(anchor),
      "heading": .text(heading(occurrence)), "span": .text(span(occurrence)),
      "risk": .text(NumberText.fixed(occurrence.risk, decimals: 3)),
      "link": .text(words(occurrence.linkStrength.rawValue)),
      "isOrderSensitive": .flag(occurrence.isOrderSensitive),
      "isUntimed": .flag(occurrence.isUntimed),
      "missingStep": .text(occurrence.missingStep),
      "indeterminate": .text(occurrence.indeterminateReason),
      "aggregate": .text(aggregate(occurrence)),
      "sought": .texts(occurrence.lookedForAndNotFound),
      "hasSought": .flag(!occurrence.lookedForAndNotFound.isEmpty),
      "picture": picture(occurrence, title: "\(finding.title): \(heading(occurrence))"),
      "events": .list(links.enumerated().map { event($1, number: $0 + 1) }),
      "moreEvents": occurrence.chain.count > shown.count
        ? .count(occurrence.chain.count - shown.count) : .none,
      "raw": .list(
        links.compactMap { link in
          site.index.rawLine(link.position).map {
            .object(["place": .text(site.place(link.position)), "line": .exact($0)])
          }
        }),
    ])
  }

  /// One occurrence as a row.
  func row(_ occurrence: Occurrence) -> ViewValue {
    .object([
      "id": .exact(occurrence.id), "anchor": .exact(Naming.anchor(occurrence.id)),
      "heading": .text(heading(occurrence)), "span": .text(span(occurrence)),
      "risk": .text(NumberText.fixed(occurrence.risk, decimals: 3)),
      "place": .text(occurrence.chain.last.map { site.place($0.position) }),
    ])
  }

  /// The swim lane where a picture says more than the table.
  func picture(_ occurrence: Occurrence, title: String) -> ViewValue {
    guard occurrence.chain.count > 1 else { return .none }
    let lane = SwimLane(occurrence, names: site.name(agent:))
    return .markup(lane.picture(id: "p-\(Naming.anchor(occurrence.id))", title: title))
  }

  /// When, and for which key: `2026-09-17, task CHG-4471`.
  func heading(_ occurrence: Occurrence) -> String {
    var parts: [String] = []
    if let time = occurrence.chain.last?.time, !occurrence.isUntimed {
      parts.append(TimeText.date(time))
    } else {
      parts.append("no clock")
    }
    parts += occurrence.key.prefix(3).map {
      "\($0.name) \(SafeText.cut($0.value, scalarsMax: 60))"
    }
    return parts.joined(separator: ", ")
  }

  /// How long it took, where that is known.
  private func span(_ occurrence: Occurrence) -> String? {
    guard !occurrence.isUntimed, let first = occurrence.chain.first?.time,
      let last = occurrence.chain.last?.time, occurrence.chain.count > 1
    else { return nil }
    return TimeText.span(nanoseconds: TimeText.nanoseconds(from: first, to: last))
  }

  private func aggregate(_ occurrence: Occurrence) -> String? {
    guard let value = occurrence.aggregateValue else { return nil }
    let sum = NumberText.grouped(value, decimals: value == value.rounded() ? 0 : 2)
    guard let events = occurrence.aggregateEvents else { return "adds up to \(sum)" }
    return "\(NumberText.count(events, "event", "events")), adding up to \(sum)"
  }

  private func event(_ link: ChainLink, number: Int) -> ViewValue {
    .object([
      "n": .text(link.step == "excuse" ? "" : "\(number)"), "step": .text(link.step),
      "date": .text(link.time.map(TimeText.date)),
      "time": .text(link.time.map(TimeText.clock)), "agent": site.link(agent: link.agent),
      "action": .text(link.action),
      "resource": .text(link.resource.map { SafeText.cut($0, scalarsMax: 160) }),
      "outcome": .text(link.outcome == .allowed ? nil : link.outcome.word),
      "event": .text(SafeText.cut(link.event, scalarsMax: 80)),
      "place": .text(site.place(link.position)),
      "isHidden": .flag(link.position == OwnerExtract.hiddenPosition),
    ])
  }

  /// `same-task` as `same task`.
  func words(_ text: String) -> String { text.replacing("-", with: " ") }
}
