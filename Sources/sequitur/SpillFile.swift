internal import CFiles
internal import Glibc
internal import Model
internal import Synchronization

/// Keeps what does not fit in memory in a file without a name: whatever becomes of the run, nothing
/// of it stays behind.
final class SpillFile: PageStore {
  private struct State {
    var descriptor: Int32 = -1
    var end: Int64 = 0
    var failure: String?
  }

  private let folder: String
  private let state = Mutex(State())

  /// A file in the first folder above a place that is there; made when it is first written to.
  init(near place: String) {
    var path = place.isEmpty ? "." : place
    while access(path, F_OK) != 0, path != "/", path != "." {
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      path = path.hasPrefix("/") ? "/" + parent : parent.isEmpty ? "." : parent
    }
    folder = path
  }

  deinit {
    state.withLock { state in
      if state.descriptor >= 0 { close(state.descriptor) }
    }
  }

  var failure: String? { state.withLock { $0.failure } }

  func write(_ bytes: [UInt8]) -> PagePlace {
    let place = state.withLock { state in
      if state.descriptor < 0, state.failure == nil {
        state.descriptor = sequitur_unnamed_file(folder)
        if state.descriptor < 0 { state.failure = reason("cannot be written") }
      }
      defer { state.end += Int64(bytes.count) }
      return (descriptor: state.descriptor, offset: state.end, isSound: state.failure == nil)
    }
    guard place.isSound else { return PagePlace(offset: 0, count: 0) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        pwrite(
          place.descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
          off_t(place.offset) + off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        fail(reason("cannot be written"))
        break
      }
      done += count
    }
    return PagePlace(offset: place.offset, count: bytes.count)
  }

  func read(_ place: PagePlace) -> [UInt8] {
    let (descriptor, isSound) = state.withLock { ($0.descriptor, $0.failure == nil) }
    guard isSound else { return [] }
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: place.count) { room, made in
      while done < place.count {
        let count = pread(
          descriptor, room.baseAddress.map { $0 + done }, place.count - done,
          off_t(place.offset) + off_t(done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        done += count
      }
      made = done
    }
    guard done == place.count else {
      fail(reason("cannot be read back"))
      return []
    }
    return bytes
  }

  func removeAll() {
    state.withLock { state in
      if state.descriptor >= 0, ftruncate(state.descriptor, 0) != 0 {
        state.failure = reason("cannot be emptied")
      }
      state.end = 0
    }
  }

  private func reason(_ what: String) -> String {
    "\(folder): a temporary file \(what): \(String(cString: strerror(errno)).lowercased())"
  }

  private func fail(_ reason: String) {
    state.withLock { $0.failure = $0.failure ?? reason }
  }
}

extension MemoryBound {
  /// A number of bytes as people write it, `2GiB` or `512MiB`; nil for anything else.
  static func bytes(of text: String) -> Int? {
    let units = ["KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40]
    let unit = units.first { text.hasSuffix($0.key) }
    let digits = text.dropLast(unit?.key.count ?? 0)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(digits), number > 0
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (unit?.value ?? 0))
    return overflow ? nil : bytes
  }
}
