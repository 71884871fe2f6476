extension Review {
  /// What cut set and gates come to, one sentence each, for the command line and the pages.
  /// A replay that is not clean comes first.
  package var advice: [String] {
    let advice = [cutSet?.sentence, gates?.sentence].compactMap { $0 }
    guard let replay else { return advice }
    return replay.isClean ? advice + replay.sentences : replay.sentences + advice
  }
}

extension CutSet {
  /// `revoke 3 privileges, 41 of 60 possible chains end, 0 observed tasks break`.
  package var sentence: String {
    "revoke \(counted(rows.count, "privilege")), \(grouped(ended)) of "
      + "\(counted(chains, "possible chain")) end, \(grouped(uses)) observed tasks break"
  }
}

extension GatePlan {
  /// `3 gates stop 16 of the 16 chains that happened, 4.1 innocent tasks a week wait`.
  package var sentence: String {
    var text =
      "\(counted(gates.count, "gate")) \(gates.count == 1 ? "stops" : "stop") \(grouped(stopped)) "
      + "of the \(counted(chains, "chain")) that happened"
    if let weeks {
      let rate = Double(innocentTasks) / weeks
      text += ", \(decimalText(rate, digits: 1)) innocent tasks a week wait"
    }
    return text
  }
}

extension Replay {
  /// What the replay says, one sentence for privileges, cut set and gates each.
  package var sentences: [String] {
    var sentences = [
      "replay: the proposed privileges would have denied \(grouped(denied.reduce(0) { $0 + $1.uses })) "
        + "of \(counted(uses, "observed use")); \(grouped(chains - chainsLeft)) of "
        + "\(counted(chains, "possible chain")) end"
    ]
    if let cutSet {
      sentences.append(
        "replay: the cut set would have denied \(grouped(cutSet.denied.reduce(0) { $0 + $1.uses })) "
          + "observed uses; \(counted(cutSet.ended, "possible chain")) \(cutSet.ended == 1 ? "ends" : "end")"
      )
    }
    if let gates {
      sentences.append(
        "replay: at the gates \(grouped(gates.stopped)) of \(counted(gates.chains, "chain")) that "
          + "happened and \(counted(gates.innocentTasks, "innocent task")) would have waited")
    }
    return sentences
  }
}
