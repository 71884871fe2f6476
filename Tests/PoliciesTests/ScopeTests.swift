import Model
import Testing

@testable import Policies

/// `scope`: every event stays inside bounds.
@Suite struct ScopeTests {
  private let customers = """
    kind: scope
    per: task
    of: {does: [data.read, data.export]}
    bind: {customer: args.customer}
    allow:
      args.customer: {same: customer}
      environment: [staging, "test-*"]
    """

  @Test func eachFieldMustBeInside() throws {
    let found = try Kinds.found(
      customers,
      [
        "10:00 ann task=T ticket.read args.customer=c1",
        "10:01 bot task=T data.read args.customer=c1 environment=staging",
        "10:02 bot task=T data.read args.customer=c2 environment=staging",
        "10:03 bot task=T data.read args.customer=c1 environment=production",
        "10:04 bot task=T data.export args.customer=[c1,c2] environment=test-1",
        "10:05 bot task=T secret.read args.customer=c2 environment=production",
        "10:06 bot task=T data.read environment=staging",
        "10:07 bot task=T data.read args.customer=c2",
        "10:08 bot task=T data.read args.customer=c3 environment=test-2 outcome=denied",
      ])
    #expect(
      found == [
        "realised 2", "realised 3", "realised 4", "indeterminate 6", "realised 7", "near-miss 8",
      ])
  }

  @Test func theFirstEventBindsAndIsJudgedToo() throws {
    let found = try Kinds.found(
      customers,
      [
        "10:00 ann task=T data.read args.customer=c1 environment=production",
        "10:01 bot task=U data.read environment=staging",
        "10:02 bot task=U data.read args.customer=c9 environment=staging",
      ])
    #expect(found == ["realised 0", "indeterminate 1", "indeterminate 2"])
  }

  private let declared = """
    kind: scope
    per: task
    allow:
      resource: [{field: task.scope}, "log/*"]
    widen: forbid
    unless: {does: approval.grant, before: 5m}
    """

  @Test func theTaskDeclaresItsScope() throws {
    let found = try Kinds.found(
      declared,
      [
        "10:00 ann task=T task.request scope=[repo/app,repo/app/*] resource=x",
        "10:01 bot task=T data.read resource=repo/app/main",
        "10:02 bot task=T data.read resource=log/1", "10:03 bot task=T data.read resource=repo/web",
        "10:04 ann task=T approval.grant resource=log/2",
        "10:05 bot task=T data.read resource=repo/web",
        "10:06 bot task=U data.read resource=repo/app",
      ])
    #expect(found == ["realised 3", "excused 5 by 4", "indeterminate 6"])
  }

  @Test func aDelegatedTaskStaysInsideItsParents() throws {
    let found = try Kinds.found(
      declared,
      [
        "10:00 ann task=T task.request scope=repo/app/*",
        "10:01 bot task=T data.read id=d resource=repo/app/1",
        "10:02 bot task=U task.request parent=d scope=repo/*",
        "10:03 aid task=U data.read parent=d resource=repo/app/2",
        "10:04 aid task=U data.read resource=repo/web",
      ])
    #expect(found == ["realised 4"])
  }

  @Test func theFirstEventOfAnIDIsTheParentWhereverItStands() throws {
    let found = try Kinds.found(
      declared,
      [
        "10:00 ann task=T task.request scope=repo/app/*",
        "10:01 ann task=V task.request scope=log/9 id=last",
        // Its parent is later in the log; that of the next is not in it.
        "10:02 bot task=U task.request parent=last scope=repo/*",
        "10:03 aid task=U data.read parent=nowhere resource=repo/web",
        "10:04 aid task=W task.request parent=nowhere scope=repo/*",
        "10:05 aid task=W data.read resource=repo/web",
        "10:06 bot task=T data.read id=d resource=repo/app/1",
        "10:07 bot task=V data.read id=d resource=log/9",
        "10:08 aid task=X task.request parent=d scope=repo/*",
        "10:09 aid task=X data.read resource=repo/app/2",
      ])
    #expect(found == ["realised 3"])
  }

  @Test func withoutADeclaredScopeTheDelegatorsPrivilegesBound() throws {
    var input = Kinds.input([
      "10:00 ann task=T task.request scope=*",
      "10:03 aid task=T delegatedBy=bot data.read resource=repo/app",
      "10:04 aid task=T delegatedBy=bot data.export resource=repo/app",
    ])
    let evaluation = { (input: ReviewInput) in
      evaluate([try Kinds.policy(declared)], input: input, from: nil, to: nil).matches
    }
    #expect(try evaluation(input).map(\.status) == [.indeterminate, .indeterminate])
    var grant = Statement(
      agent: "bot", effect: .allow, origin: Origin(policy: "p", statement: nil),
      position: SourcePosition(file: 0, line: 1))
    grant.actions = ["data.read"]
    grant.resources = ["repo/*"]
    input.statements = [grant]
    let matches = try evaluation(input)
    #expect(matches.map(\.status) == [.realised])
    #expect(matches[0].chain.map(\.event) == [2])
    #expect(matches[0].lookedForAndNotFound == ["`bot`, which delegated it, may not do it"])
  }
}
