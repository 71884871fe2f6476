internal import Glibc
internal import Model

/// Reads pieces on one thread.
struct PieceWorker {
  let queue: PieceQueue
  let merger: PieceMerger
  let options: ReadingOptions

  /// What reads the lines of the file that was read last. It is asked where it lies: a function that
  /// goes into an optional and out again is wrapped each time, and so ever deeper.
  private struct Latest {
    var stream: LineStream
    var read: LineReading
  }

  /// Reads pieces until there are no more.
  func readAll() {
    var latest: Latest?
    while true {
      // A review without some of its events is none.
      if options.memory?.store.failure != nil { return }
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

  /// Opens a file and reads it whole, or shares its lines with all workers.
  private func open(_ file: Int) {
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
      type.read(bytes, sketch, &reading)
    } else {
      reading.problem(line: 0, "not recognised: \(found.because)", "not read")
    }
    let end = bytes.finish()
    merger.add(
      PieceMerger.Piece(
        file: file, number: 0, recognition: recognition, reading: reading, lines: 0, end: end
      ) { duplicates in
        readAgain(file, recognition, without: duplicates)
      })
  }

  private func refuse(_ file: Int, _ reason: String) {
    let recognition = FileRecognition(source: nil, because: "it cannot be opened")
    var refused = newReading(of: file, recognition)
    refused.problem(line: 0, reason, "not read")
    let reading = refused
    merger.add(
      PieceMerger.Piece(
        file: file, number: 0, recognition: recognition, reading: reading, lines: 0,
        end: FileEnd()
      ) { _ in reading })
  }

  private func readAgain(
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

  private func read(
    _ block: LineBlock, of stream: LineStream, by reader: Latest, _ end: FileEnd?
  ) {
    var reading = newReading(of: stream.file, stream.recognition)
    let lines = reader.read(block, &reading)
    merger.add(
      PieceMerger.Piece(
        file: stream.file, number: block.number, recognition: stream.recognition,
        reading: reading, lines: lines, end: end
      ) { duplicates in
        var again = newReading(of: stream.file, stream.recognition, without: duplicates)
        _ = stream.reading(again)(block, &again)
        return again
      })
  }

  private func newReading(
    of file: Int, _ recognition: FileRecognition, without duplicates: Set<Int32> = []
  ) -> Reading {
    var reading = Reading(
      file: file, path: queue.sources[file].path, options, queue.digest, duplicates: duplicates)
    reading.source = recognition.number
    return reading
  }
}
