import Documents
import Foundation
import Intake
import Model
import Policies
import TestSupport
import Testing

/// The shipped policies: each is well-formed, and means what its examples say.
@Suite struct ShippedPoliciesTests {
  @Test func everyFileHoldsThePolicyOfItsName() throws {
    let policies = try Shipped.policies.get()
    let names = try Shipped.files().map {
      URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent
    }
    #expect(policies.map(\.id) == names)
    #expect(policies.count >= 12)
  }

  @Test func noneIsSuspect() throws {
    let vocabulary = try Shipped.vocabulary.get().emptyVocabulary
    let warnings = lint(try Shipped.policies.get(), vocabulary: vocabulary)
    #expect(warnings.isEmpty, "\(warnings.map(\.text).joined(separator: "\n"))")
  }

  @Test func everyExampleBehaves() throws {
    let vocabulary = try Shipped.vocabulary.get().emptyVocabulary
    for policy in try Shipped.policies.get() {
      let failures = runExamples(of: policy, vocabulary: vocabulary)
      #expect(failures.isEmpty, "\(failures.map { "\($0.policy): \($0.example): \($0.reason)" })")
    }
  }

  @Test func everyPolicyShowsWhatBreaksItAndWhatDoesNot() throws {
    for policy in try Shipped.policies.get() {
      #expect(policy.examples.contains { $0.violates }, "\(policy.id)")
      #expect(policy.examples.contains { !$0.violates }, "\(policy.id)")
    }
  }
}
