import Intake
import Model
import TestSupport
import Testing

@Suite struct SourceTests {
  @Test func everySourceHasItsOwnName() {
    let names = Source.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
