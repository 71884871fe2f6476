internal import Dispatch
internal import Model
internal import Synchronization

/// Reads all sources, piece by piece on several threads, and takes the pieces together in order.
func readPieces(
  _ sources: [InputSource], _ options: ReadingOptions
) -> (files: [InputFile], merged: MergedReading) {
  let queue = PieceQueue(sources)
  let merger = PieceMerger(sources, options)
  let threads = max(1, min(options.threads, 256))
  DispatchQueue.concurrentPerform(iterations: threads) { _ in
    var worker = PieceWorker(queue: queue, merger: merger, options: options)
    worker.readAll()
  }
  return merger.finished()
}

/// A file whose lines are read block by block.
final class LineStream: Sendable {
  let file: Int
  let recognition: FileRecognition
  let reading: LineReadingMaker
  private let reader: Mutex<BlockCutter?>

  init(
    file: Int, _ recognition: FileRecognition, _ reading: @escaping LineReadingMaker,
    _ reader: sending BlockCutter
  ) {
    self.file = file
    self.recognition = recognition
    self.reading = reading
    self.reader = Mutex(reader)
  }

  /// The next block and, with the last one, what is known of the file as bytes.
  func next() -> (block: LineBlock, end: FileEnd?)? {
    reader.withLock { reader in
      guard let block = reader?.next() else { return nil }
      guard block.isLast else { return (block, nil) }
      let end = reader?.end()
      reader = nil
      return (block, end)
    }
  }
}

/// What a file was taken for.
struct FileRecognition: Sendable {
  /// The type; nil when none fits.
  var source: Source?
  var because: String

  /// The number of its type, as a bit of a tally.
  var number: Int { sourceTypes.firstIndex(of: source?.name ?? "unknown") ?? 0 }
}

/// What is there to be read: files in order, and the lines of those that were begun.
final class PieceQueue: Sendable {
  /// A piece of work.
  enum Work {
    case file(Int)
    case block(LineStream, LineBlock, FileEnd?)
    /// Nothing now; a file that is being opened may have lines to share.
    case later
    case done
  }

  private struct State {
    var nextFile = 0
    var opening = 0
    var streams: [LineStream] = []
  }

  let sources: [InputSource]
  let digest = IDDigest()
  private let state = Mutex(State())

  init(_ sources: [InputSource]) { self.sources = sources }

  /// What to do next: lines of the first file that was begun come before new files.
  ///
  /// INVARIANT: pieces are handed out in the order in which they are merged, but for files that are
  /// read whole beside one whose lines are shared; so the piece that the merger waits for is always
  /// in work or handed out next.
  func next(hasRoom: (_ file: Int) -> Bool) -> Work {
    while true {
      let stream = state.withLock { $0.streams.min { $0.file < $1.file } }
      if let stream {
        guard hasRoom(stream.file) else { return .later }
        if let (block, end) = stream.next() {
          if end != nil { remove(stream) }
          return .block(stream, block, end)
        }
        remove(stream)
        continue
      }
      return state.withLock { state in
        if state.nextFile < sources.count {
          guard hasRoom(state.nextFile) else { return .later }
          state.nextFile += 1
          state.opening += 1
          return .file(state.nextFile - 1)
        }
        return state.opening > 0 || !state.streams.isEmpty ? .later : .done
      }
    }
  }

  /// Ends the opening of a file, which may have lines to share.
  func opened(_ stream: LineStream?) {
    state.withLock { state in
      state.opening -= 1
      if let stream { state.streams.append(stream) }
    }
  }

  private func remove(_ stream: LineStream) {
    state.withLock { state in state.streams.removeAll { $0 === stream } }
  }
}

/// Where a piece lies among all: pieces are merged in this order.
struct PiecePlace: Hashable, Comparable, Sendable {
  var file: Int
  var number: Int

  static func < (left: PiecePlace, right: PiecePlace) -> Bool {
    (left.file, left.number) < (right.file, right.number)
  }
}

/// The uses of a piece that is not merged yet.
struct WaitingUses: Sendable {
  var place: PiecePlace
  var uses: PieceUses
}

/// Takes pieces together in order, whoever read them and whenever.
final class PieceMerger: Sendable {
  /// A piece that was read.
  struct Piece: Sendable {
    var place: PiecePlace
    var recognition: FileRecognition
    var reading: Reading
    /// Lines of the piece.
    var lines: Int
    /// What ends the file, with its last piece.
    var end: FileEnd?
    /// Reads the piece again without the events of some lines.
    var again: @Sendable (Set<Int32>) -> Reading
  }

  private struct Queue: Sendable {
    var waiting: [Piece] = []
    var nextFile = 0
    var nextNumber = 0
    /// Whether somebody is merging.
    var isMerging = false
    /// Pieces that were read again without some of their events.
    var replaced: Set<PiecePlace> = []
  }

  private struct Whole: Sendable {
    var merged: MergedReading
    var files: [InputFile]
  }

  private let queue = Mutex(Queue())
  /// INVARIANT: only who has set `isMerging` asks for it, so nobody ever waits for it.
  private let whole: Mutex<Whole>
  private let waitingMax: Int
  /// What threads tallied, with the uses of pieces that waited to be merged.
  private let tallies = Mutex<[(tally: ThreadTally, waiting: [WaitingUses])]>([])

  init(_ sources: [InputSource], _ options: ReadingOptions) {
    let files = sources.map {
      InputFile(path: $0.path, type: nil, recognisedBecause: "", sha256: nil, bytes: 0)
    }
    whole = Mutex(Whole(merged: MergedReading(options), files: files))
    waitingMax = options.threads * 4
  }

  /// Whether a piece of a file should be read now: not while many wait for an earlier one.
  func hasRoom(for file: Int) -> Bool {
    queue.withLock { queue in
      if file == queue.nextFile {
        return queue.waiting.count { $0.place.file == file } < waitingMax
      }
      return queue.waiting.count < waitingMax
    }
  }

  /// Adds a piece, and all that waited for it, unless another thread is merging: then that one does.
  func add(_ piece: Piece) {
    queue.withLock { $0.waiting.append(piece) }
    while let next = queue.withLock({ PieceMerger.begin(&$0) }) {
      let isLast = next.end != nil
      let isReplaced = whole.withLock { whole in
        for tally in takeSettled() { whole.merged.absorb(tally) }
        return PieceMerger.merge(next, into: &whole)
      }
      queue.withLock { queue in
        if isReplaced { queue.replaced.insert(next.place) }
        PieceMerger.end(&queue, isLastOfFile: isLast)
      }
    }
  }

  /// Lets a thread's tally take the uses of its pieces that were merged; those that were read again
  /// were tallied then.
  func settle(_ waiting: inout [WaitingUses], into tally: inout ThreadTally) {
    guard !waiting.isEmpty else { return }
    let (next, replaced) = queue.withLock { queue in
      (PiecePlace(file: queue.nextFile, number: queue.nextNumber), queue.replaced)
    }
    var settled = 0
    while settled < waiting.count, waiting[settled].place < next {
      if !replaced.contains(waiting[settled].place) { tally.take(waiting[settled].uses) }
      settled += 1
    }
    waiting.removeFirst(settled)
  }

  /// Takes what a thread has tallied, to be merged with the next piece or at the end.
  func add(_ tally: ThreadTally, waiting: [WaitingUses]) {
    tallies.withLock { $0.append((tally, waiting)) }
  }

  /// The tallies that wait for no piece.
  private func takeSettled() -> [ThreadTally] {
    tallies.withLock { tallies in
      let settled = tallies.filter { $0.waiting.isEmpty }
      if !settled.isEmpty { tallies.removeAll { $0.waiting.isEmpty } }
      return settled.map(\.tally)
    }
  }

  /// What all pieces gave together, once.
  func finished() -> (files: [InputFile], merged: MergedReading) {
    let tallies = tallies.withLock { $0 }
    return whole.withLock { whole in
      for (tally, waiting) in tallies {
        var (tally, waiting) = (tally, waiting)
        settle(&waiting, into: &tally)
        whole.merged.absorb(tally)
      }
      whole.merged.finishSpilling()
      return (whole.files, whole.merged)
    }
  }

  /// Takes the piece that comes next, if it is there and nobody else is merging.
  private static func begin(_ queue: inout Queue) -> Piece? {
    guard !queue.isMerging,
      let index = queue.waiting.firstIndex(where: {
        $0.place == PiecePlace(file: queue.nextFile, number: queue.nextNumber)
      })
    else { return nil }
    queue.isMerging = true
    return queue.waiting.remove(at: index)
  }

  private static func end(_ queue: inout Queue, isLastOfFile: Bool) {
    queue.isMerging = false
    queue.nextNumber += 1
    guard isLastOfFile else { return }
    queue.nextFile += 1
    queue.nextNumber = 0
  }

  /// Takes a piece; true when it was read again for that, without duplicates.
  private static func merge(_ piece: Piece, into whole: inout Whole) -> Bool {
    var reading = piece.reading
    let known = whole.merged.claim(reading)
    if !known.isEmpty { reading = piece.again(known) }
    for fault in piece.end?.faults ?? [] {
      // A fault is of the whole file, whichever piece ends it.
      reading.problem(line: 0, fault.reason, fault.consequence)
    }
    let file = piece.place.file
    whole.merged.absorb(reading, lines: piece.lines, into: &whole.files[file])
    guard let end = piece.end else { return !known.isEmpty }
    whole.merged.finish(&whole.files[file])
    whole.files[file].type = piece.recognition.source?.name
    whole.files[file].platform = piece.recognition.source?.platform
    whole.files[file].recognisedBecause = piece.recognition.because
    whole.files[file].sha256 = end.sha256
    whole.files[file].bytes = end.bytes
    return !known.isEmpty
  }
}
