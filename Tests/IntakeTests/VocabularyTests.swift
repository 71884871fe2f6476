import Documents
import Foundation
import Intake
import Model
import TestSupport
import Testing

@Suite struct VocabularyTests {
  @Test func explore() throws {
    let builder = try VocabularyTests.shipped.get()
    for line in try String(contentsOfFile: "/tmp/actions.txt", encoding: .utf8).split(separator: "\n") {
      let m = builder.meaning(action: String(line), description: nil, annotations: [])
      print("\(line)\t\(m.level.rawValue)\t\(m.capabilities.joined(separator: " "))\t\(m.origin.rawValue)")
    }
  }
  static let shipped = Result { () throws(DocumentProblems) in
    do {
      let names = try Project.names(in: "mappings/vocabulary")
      let files = try names.map { (name: $0, text: try Project.text("mappings/vocabulary/\($0)")) }
      return try VocabularyBuilder(files: files)
    } catch let problems as DocumentProblems {
      print(problems.text)
      throw problems
    } catch {
      throw DocumentProblems([])
    }
  }
}
