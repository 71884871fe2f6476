extension Review {
  /// What cut set and gates come to, one sentence each, for the command line and the pages.
  package var advice: [String] { [cutSet?.sentence, gates?.sentence].compactMap { $0 } }
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
