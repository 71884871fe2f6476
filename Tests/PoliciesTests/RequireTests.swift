import Model
import Testing

@testable import Policies

/// `require`: preconditions and obligations.
@Suite struct RequireTests {
  private let approved = """
    kind: require
    per: task
    before: {id: release, does: deploy.release, bind: {release: resource, releaser: agent}}
    needs: {id: approval, does: approval.grant, same: {release: resource}, differs: {releaser: agent}}
    within: 30m
    """

  @Test func aPreconditionIsViolatedAtTheEventThatLacksIt() throws {
    let found = try Kinds.found(
      approved,
      [
        "10:00 ann task=T approval.grant resource=app",
        "10:10 bot task=T deploy.release resource=app",
        "10:11 bot task=T deploy.release resource=web",
        "10:30 bot task=T deploy.release resource=app",
        "10:31 bot task=T deploy.release resource=app",
      ])
    #expect(found == ["realised 2", "realised 4"])
  }

  @Test func ownApprovalsDoNotCount() throws {
    let found = try Kinds.found(
      approved,
      [
        "10:00 ann task=T approval.grant resource=app",
        "10:01 bot task=T approval.grant resource=app",
        "10:02 bot task=T approval.grant resource=app",
        "10:10 bot task=T deploy.release resource=app",
        "10:11 ann task=T deploy.release resource=app",
        "10:12 eve task=T2 deploy.release resource=app",
      ])
    #expect(found == ["realised 5"])
  }

  @Test func everyElementOfAListNeedsItsOwn() throws {
    let found = try Kinds.found(
      """
      kind: require
      per: task
      before: {does: deploy.release, bind: {release: args.apps}}
      needs: {does: approval.grant, same: {release: args.app}}
      """,
      [
        "10:00 ann task=T approval.grant args.app=[a,b]",
        "10:01 bot task=T deploy.release args.apps=[a,b]",
        "10:02 bot task=T deploy.release args.apps=[a,c]",
      ])
    #expect(found == ["realised 2"])
  }

  @Test func missingFieldsAreUnknown() throws {
    let found = try Kinds.found(
      approved,
      [
        "10:00 ann task=T approval.grant", "10:01 bot task=T deploy.release resource=app",
        "10:02 bot task=T2 deploy.release", "10:03 ann task=T3 approval.grant resource=app",
        "10:04 bot task=T3 deploy.release",
      ])
    #expect(found == ["indeterminate 1", "realised 2", "indeterminate 4"])
  }

  @Test func tiedEventsMayHaveComeInEitherOrder() throws {
    let found = try Kinds.found(
      approved,
      [
        "10:00 ann task=T approval.grant resource=app",
        "10:00 bot task=T deploy.release resource=app",
        "10:01 ann task=T2 approval.grant resource=app order=1",
        "10:01 bot task=T2 deploy.release resource=app order=2",
      ])
    #expect(found == ["realised 1 ~"])
  }

  @Test func untilEndsWhatWasNeeded() throws {
    let found = try Kinds.found(
      """
      kind: require
      per: task
      before: {does: deploy.release}
      needs: [{does: approval.grant}, {does: ticket.read}]
      until: {does: task.end}
      unless: {does: identity.assume, before: 5m}
      """,
      [
        "10:00 ann task=T approval.grant", "10:01 bot task=T deploy.release",
        "10:02 bot task=T task.end", "10:03 bot task=T deploy.release",
        "10:04 bot task=T ticket.read", "10:05 bot task=T deploy.release",
        "10:06 bot task=T task.end", "10:07 ann task=T identity.assume",
        "10:12 bot task=T deploy.release", "10:12:01 bot task=T deploy.release",
      ])
    #expect(found == ["realised 3", "excused 8 by 7", "realised 9"])
  }

  @Test func aDeniedAttemptIsANearMiss() throws {
    let found = try Kinds.found(
      approved, ["10:01 bot task=T deploy.release resource=app outcome=denied"])
    #expect(found == ["near-miss 0"])
  }

  private let revoked = """
    kind: require
    per: agent
    after: {does: secret.read, bind: {secret: resource}}
    then: {does: data.export, same: {secret: resource}}
    within: 10m
    until: {does: task.end}
    """

  @Test func anObligationIsViolatedAtItsDeadline() throws {
    let found = try Kinds.found(
      revoked,
      [
        "10:00 bot secret.read resource=a", "10:01 bot secret.read resource=b",
        "10:10 bot data.export resource=a", "10:12 bot secret.read resource=a",
        "10:13 bot task.end", "10:14 bot secret.read resource=c", "10:20 bot ticket.read",
      ])
    #expect(found == ["realised 1", "pending 5"])
  }

  @Test func anObligationAtTheEndOfTheLogIsPending() throws {
    let lines = ["10:00 bot secret.read resource=a", "10:10 eve ticket.read"]
    #expect(try Kinds.found(revoked, lines) == ["pending 0"])
    let later = lines + ["10:10:01 eve ticket.read"]
    #expect(try Kinds.found(revoked, later) == ["realised 0"])
    let match = evaluate(
      [try Kinds.policy(revoked)], input: Kinds.input(later), from: nil, to: nil
    ).matches[0]
    #expect(match.due?.rfc3339 == "2026-01-01T10:10:00Z")
    #expect(
      match.lookedForAndNotFound == ["data.export with the same resource as secret, 10:00 to 10:10"]
    )
  }

  @Test func withoutAClockNothingIsOverdue() throws {
    let found = try Kinds.found(
      revoked,
      [
        "- bot secret.read resource=a run=1 order=1", "- bot secret.read resource=b run=1 order=2",
        "- bot data.export resource=a run=1 order=3",
      ])
    #expect(found == ["pending 1"])
  }
}
