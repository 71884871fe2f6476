internal import Glibc
internal import Model

/// Reads pieces on one thread.
struct PieceWorker {
  let queue: PieceQueue
  let merger: PieceMerger
  let options: ReadingOptions
  /// What the thread has tallied, and the uses of its pieces that are not merged yet.
  private var tally: ThreadTally
  private var waiting: [WaitingUses] = []

  init(queue: PieceQueue, merger: PieceMerger, options: ReadingOptions) {
    self.queue = queue
    self.merger = merger
    self.options = options
    tally = ThreadTally(options.activity, number: 1)
  }

  /// What reads the lines of the file that was read last. It is asked where it lies: a function that
  /// goes into an optional and out again is wrapped each time, and so ever deeper.
  private struct Latest {
    var stream: LineStream
    var read: LineReading
  }

  /// Reads pieces until there are no more.
  mutating func readAll() {
    defer { merger.add(tally, waiting: waiting) }
    var latest: Latest?
    while true {
      // A review without some of its events is none.
      if options.memory?.store.failure != nil { return }
      settle()
      switch queue.next(hasRoom: merger.hasRoom) {
      case .file(let file): open(file)
      case .block(let stream, let block, let end):
        // What reads the lines of a file is made once, not for each block.
        if latest?.stream !== stream {
          let reading = newReading(of: stream.file, stream.recognition)
          latest = Latest(stream: stream, read: stream.reading(reading))
        }
        if let latest { read(block, of: stream, by: latest, end) }
      case .later: usleep(100)
      case .done: return
      }
    }
  }

  /// Takes what was merged into the tally. A tally that is large goes to the merger, once nothing
  /// waits for it: that is soon, since all earlier pieces are in work.
  private mutating func settle() {
    merger.settle(&waiting, into: &tally)
    guard tally.isLarge else { return }
    while !waiting.isEmpty {
      if options.memory?.store.failure != nil { return }
      usleep(100)
      merger.settle(&waiting, into: &tally)
    }
    merger.add(tally, waiting: [])
    tally = ThreadTally(options.activity, number: tally.number + 1)
  }

  /// Hands a piece to the merger, and keeps its uses.
  private mutating func add(_ piece: PieceMerger.Piece) {
    if !piece.reading.uses.all.isEmpty {
      waiting.append(WaitingUses(place: piece.place, uses: piece.reading.uses))
    }
    merger.add(piece)
  }

  /// Reads with the tally of this thread, where every event that is read is one to be counted.
  private mutating func withTally(
    _ reading: inout Reading, _ read: (inout Reading) -> Void
  ) {
    guard options.talliesByThread, options.plausible == nil, options.duplicates == nil else {
      return read(&reading)
    }
    // It is in one place at a time, and so never copied.
    reading.tally = tally
    tally = ThreadTally(options.activity, number: -1)
    read(&reading)
    if let used = reading.tally.take() { tally = used }
  }

  /// Opens a file and reads it whole, or shares its lines with all workers.
  private mutating func open(_ file: Int) {
    let source = queue.sources[file]
    let bytes: InputBytes
    do {
      bytes = InputBytes(
        reader: try source.open(), limits: options.limits, isHashed: options.isHashed)
    } catch {
      queue.opened(nil)
      return refuse(file, "cannot be opened: \(error)")
    }
    let sketch = Sketch(bytes)
    let found = Recognition(sketch)
    let recognition = FileRecognition(source: found.source, because: found.because)
    if let lineReading = found.source?.lineReading(sketch) {
      let reader = BlockCutter(
        bytes, bytesMin: options.limits.blockBytes, limits: options.limits)
      return queue.opened(LineStream(file: file, recognition, lineReading, reader))
    }
    queue.opened(nil)
    var reading = newReading(of: file, recognition)
    if let type = found.source {
      withTally(&reading) { type.read(bytes, sketch, &$0) }
    } else {
      reading.problem(line: 0, "not recognised: \(found.because)", "not read")
    }
    let end = bytes.finish()
    let reader = PieceReader(queue: queue, options: options)
    add(
      PieceMerger.Piece(
        place: PiecePlace(file: file, number: 0), recognition: recognition, reading: reading,
        lines: 0, end: end
      ) { duplicates in
        reader.readAgain(file, recognition, without: duplicates)
      })
  }

  private mutating func refuse(_ file: Int, _ reason: String) {
    let recognition = FileRecognition(source: nil, because: "it cannot be opened")
    var refused = newReading(of: file, recognition)
    refused.problem(line: 0, reason, "not read")
    let reading = refused
    add(
      PieceMerger.Piece(
        place: PiecePlace(file: file, number: 0), recognition: recognition, reading: reading,
        lines: 0, end: FileEnd()
      ) { _ in reading })
  }

  private mutating func read(
    _ block: LineBlock, of stream: LineStream, by reader: Latest, _ end: FileEnd?
  ) {
    var reading = newReading(of: stream.file, stream.recognition)
    var lines = 0
    withTally(&reading) { lines = reader.read(block, &$0) }
    let pieceReader = PieceReader(queue: queue, options: options)
    add(
      PieceMerger.Piece(
        place: PiecePlace(file: stream.file, number: block.number),
        recognition: stream.recognition, reading: reading, lines: lines, end: end
      ) { duplicates in
        var again = pieceReader.newReading(of: stream.file, stream.recognition, without: duplicates)
        _ = stream.reading(again)(block, &again)
        return again
      })
  }

  private func newReading(of file: Int, _ recognition: FileRecognition) -> Reading {
    PieceReader(queue: queue, options: options).newReading(of: file, recognition)
  }
}

/// Begins readings of pieces, and reads a file again for whoever merges it.
private struct PieceReader: Sendable {
  let queue: PieceQueue
  let options: ReadingOptions

  func readAgain(
    _ file: Int, _ recognition: FileRecognition, without duplicates: Set<Int32>
  ) -> Reading {
    var reading = newReading(of: file, recognition, without: duplicates)
    do {
      let bytes = InputBytes(
        reader: try queue.sources[file].open(), limits: options.limits, isHashed: false)
      let sketch = Sketch(bytes)
      recognition.source?.read(bytes, sketch, &reading)
    } catch {
      reading.problem(line: 0, "cannot be opened again: \(error)", "not read")
    }
    return reading
  }

  func newReading(
    of file: Int, _ recognition: FileRecognition, without duplicates: Set<Int32> = []
  ) -> Reading {
    var reading = Reading(
      file: file, path: queue.sources[file].path, options, queue.digest, duplicates: duplicates)
    reading.source = recognition.number
    reading.uses.source = recognition.number
    return reading
  }
}
