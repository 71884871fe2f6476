import Model
import Testing

@testable import Policies

/// `order`: what may follow what.
@Suite struct OrderTests {
  private let release = """
    kind: order
    per: task
    start: idle
    states:
      idle: {ticket.read: triaged}
      triaged:
        - {does: approval.grant, where: {agent.kind: user}, to: approved}
        - {does: secret.read, to: triaged}
      approved: {secret.read: approved, deploy.release: done}
      done: {}
    accept: [idle, done]
    otherwise: violation
    """

  @Test func whatMayNotFollowIsAViolation() throws {
    let found = try Kinds.found(
      release,
      [
        "10:00 bot task=T ticket.read", "10:01 bot task=T data.read",
        "10:02 bot task=T deploy.release",
        "10:03 ann task=T approval.grant", "10:04 bot task=T deploy.release",
        "10:05 bot task=T secret.read", "10:06 bot task=T task.end",
      ], agents: "ann kind=user\nbot kind=agent")
    #expect(found == ["realised 0,2", "realised 0,3,4,5"])
  }

  @Test func anEventThatNoSelectorWantsIsPassedOver() throws {
    let found = try Kinds.found(
      release, ["10:00 bot task=T ticket.read", "10:01 bot task=T approval.grant"],
      agents: "bot kind=agent")
    #expect(found == ["pending 0"])
  }

  @Test func aTaskThatEndsElsewhereIsAViolation() throws {
    let found = try Kinds.found(
      release,
      [
        "10:00 bot task=T ticket.read", "10:01 bot task=T task.end", "10:02 bot task=T task.end",
        "10:03 bot task=T ticket.read",
      ])
    #expect(found == ["realised 0,1", "pending 3"])
    let match = evaluate(
      [try Kinds.policy(release)],
      input: Kinds.input(["10:00 bot task=T ticket.read", "10:01 bot task=T task.end"]), from: nil,
      to: nil
    ).matches[0]
    #expect(
      match.lookedForAndNotFound
        == ["the task ended in state `triaged`, may end in `idle`, `done`"])
  }

  @Test func unknownConditionsLeadToSeveralStates() throws {
    let found = try Kinds.found(
      release,
      [
        "10:00 bot task=T ticket.read", "10:01 ann task=T approval.grant",
        "10:02 bot task=T deploy.release", "10:03 bot task=T deploy.release",
      ])
    #expect(found == ["indeterminate 0,2", "realised 0,3", "indeterminate 0"])
  }

  @Test func tiedEventsAreTriedInEveryOrder() throws {
    let found = try Kinds.found(
      release,
      [
        "10:00 bot task=T deploy.release", "10:00 ann task=T approval.grant",
        "10:00 bot task=T ticket.read", "10:01 bot task=T task.end",
      ], agents: "ann kind=user\nbot kind=agent")
    #expect(found == ["realised 0 ~", "realised 1 ~", "realised 2,3 ~"])
  }

  @Test func ignoredActionsMayComeAnywhere() throws {
    let found = try Kinds.found(
      """
      kind: order
      per: task
      start: open
      states:
        open: {secret.read: holding}
        holding: {approval.grant: open}
      accept: [open]
      otherwise: ignore
      unless: {does: identity.assume}
      """,
      [
        "10:00 bot task=T approval.grant", "10:01 bot task=T secret.read",
        "10:02 bot task=T task.end", "10:03 ann task=T identity.assume",
        "10:04 bot task=T secret.read", "10:05 bot task=T task.end",
      ])
    #expect(found == ["realised 1,2", "excused 4,5 by 3"])
  }

  @Test func aDeniedActionOutOfOrderIsANearMiss() throws {
    let found = try Kinds.found(release, ["10:00 bot task=T deploy.release outcome=denied"])
    #expect(found == ["near-miss 0"])
  }
}
