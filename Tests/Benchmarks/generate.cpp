// Makes a log of agents' actions in the shape of CloudTrail, one event a line, in order of time.
//
//   generate EVENTS FILE [LIVE_SESSIONS [MEAN_MILLISECONDS [SEED]]]
//
// LIVE_SESSIONS sessions run at any time, each for 25 to 74 events, and take turns by chance.
// The same arguments give the same bytes on every machine: only integers are drawn.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

struct Action {
  const char *name;
  const char *source;
  int percent;
  bool isReading;
};

/// What agents do, and how often: three rare steps, an approval, and the noise around them.
constexpr Action actions[] = {
    {"GetObject", "s3.amazonaws.com", 40, true},
    {"ListObjects", "s3.amazonaws.com", 15, true},
    {"DescribeInstances", "ec2.amazonaws.com", 15, true},
    {"Query", "dynamodb.amazonaws.com", 10, true},
    {"GetTicket", "tickets.internal", 4, true},
    {"PutObject", "s3.amazonaws.com", 4, false},
    {"AssumeRole", "sts.amazonaws.com", 3, false},
    {"ExportRecords", "crm.internal", 2, false},
    {"ApproveChange", "change.internal", 2, false},
    {"GetSecretValue", "secretsmanager.amazonaws.com", 2, true},
    {"UpdateFunctionCode", "lambda.amazonaws.com", 2, false},
    {"RebootInstances", "ec2.amazonaws.com", 1, false},
};

struct Session {
  uint64_t number = 0;
  int eventsLeft = 0;
};

/// SplitMix64: small, fast, and the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state(seed) {}

  /// A number from 0 up to, not including, `bound`.
  uint64_t below(uint64_t bound) {
    uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<uint64_t>((static_cast<__uint128_t>(z ^ (z >> 31)) * bound) >> 64);
  }

 private:
  uint64_t state;
};

const Action &draw(Random &random) {
  int at = static_cast<int>(random.below(100));
  for (const Action &action : actions) {
    if ((at -= action.percent) < 0) return action;
  }
  return actions[0];
}

/// "2026-01-01T00:00:00", made once a second of the log.
const char *clockText(int64_t seconds) {
  static int64_t last = -1;
  static char text[32];
  if (seconds != last) {
    time_t time = last = seconds;
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", std::gmtime(&time));
  }
  return text;
}

void write(FILE *file, uint64_t number, int64_t time, const Session &session, Random &random) {
  const Action &action = draw(random);
  int agent = static_cast<int>(session.number % 200);
  int records = static_cast<int>(random.below(1000));
  std::fprintf(
      file,
      "{\"eventVersion\":\"1.09\",\"eventID\":\"%08llu-0000-4000-8000-%012llx\","
      "\"eventTime\":\"%s.%03dZ\",\"ts\":%lld,\"eventSource\":\"%s\",\"eventName\":\"%s\","
      "\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"10.0.%d.%d\",\"userIdentity\":"
      "{\"type\":\"AssumedRole\","
      "\"arn\":\"arn:aws:sts::123456789012:assumed-role/agent/agent-%03d\",\"sessionContext\":"
      "{\"sessionId\":\"s-%08llx\",\"agent\":\"agent-%03d\"}},\"requestParameters\":"
      "{\"resource\":\"res/%d\",\"records\":%d},\"readOnly\":%s}\n",
      static_cast<unsigned long long>(number),
      static_cast<unsigned long long>(number * 0x9e3779b1 & 0xffffffffffff),
      clockText(time / 1000), static_cast<int>(time % 1000), static_cast<long long>(time),
      action.source, action.name, records % 256, records / 4, agent,
      static_cast<unsigned long long>(session.number * 0x9e3779b1 & 0xffffffff), agent,
      records % 50, records, action.isReading ? "true" : "false");
}

}  // namespace

int main(int count, char **arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: generate EVENTS FILE [LIVE [MEAN_MILLISECONDS [SEED]]]\n");
    return 2;
  }
  uint64_t events = std::strtoull(arguments[1], nullptr, 10);
  uint64_t live = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 400;
  uint64_t meanMilliseconds = count > 4 ? std::strtoull(arguments[4], nullptr, 10) : 180;
  Random random(count > 5 ? std::strtoull(arguments[5], nullptr, 10) : 1);
  FILE *file = std::fopen(arguments[2], "w");
  if (file == nullptr) return std::perror(arguments[2]), 1;

  std::vector<Session> sessions(live);
  uint64_t sessionsMade = 0;
  int64_t time = 1767225600000;  // 2026-01-01T00:00:00Z
  for (uint64_t number = 0; number < events; number += 1) {
    Session &session = sessions[random.below(live)];
    if (session.eventsLeft == 0) {
      session = {++sessionsMade, 25 + static_cast<int>(random.below(50))};
    }
    session.eventsLeft -= 1;
    time += static_cast<int64_t>(random.below(2 * meanMilliseconds));
    write(file, number, time, session, random);
  }
  if (std::fclose(file) != 0) return std::perror(arguments[2]), 1;
}
