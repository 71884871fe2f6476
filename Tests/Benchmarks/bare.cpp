// The limit: how fast simdjson alone goes over a file of one JSON object a line.
//
//   bare FILE [THREADS [FIELD...]]
//
// Reads four fields of every object, those of CloudTrail or the dotted paths that are given, adds up their lengths so that nothing is optimised away, and
// keeps nothing. Prints objects, bytes, the sum, and which of simdjson's kernels ran.
#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr size_t blockBytes = 1 << 20;

struct Totals {
  size_t objects = 0;
  size_t bytes = 0;
  size_t fieldBytes = 0;
};

void fail(const char *what) {
  std::perror(what);
  std::exit(1);
}

/// The fields that are asked for, each as its keys; none for those of CloudTrail.
std::vector<std::vector<std::string>> paths;

/// Reads fields of any format, which must stand in the line in the order in which they are given.
size_t givenBytes(simdjson::ondemand::object object) {
  size_t bytes = 0;
  for (const auto &path : paths) {
    simdjson::ondemand::value value;
    if (object.find_field(path[0]).get(value)) continue;
    bool isThere = true;
    for (size_t i = 1; i < path.size() && isThere; i += 1) {
      isThere = !value.find_field(path[i]).get(value);
    }
    std::string_view text;
    if (isThere && !value.raw_json_token().empty() && !value.get_string().get(text)) {
      bytes += text.size();
    }
  }
  return bytes;
}

/// Reads the fields in the order in which they stand in the line, which is the fast way.
size_t fieldBytes(simdjson::ondemand::object object) {
  if (!paths.empty()) return givenBytes(object);
  std::string_view time = object.find_field("eventTime");
  std::string_view source = object.find_field("eventSource");
  std::string_view name = object.find_field("eventName");
  std::string_view session = object.find_field("userIdentity")["sessionContext"]["sessionId"];
  return time.size() + source.size() + name.size() + session.size();
}

/// Parses whole lines; behind them lie `SIMDJSON_PADDING` bytes that may be read.
void parse(simdjson::ondemand::parser &parser, const char *lines, size_t length, Totals &totals) {
  simdjson::ondemand::document_stream stream;
  if (parser.iterate_many(lines, length, blockBytes).get(stream)) fail("iterate_many");
  for (auto document : stream) {
    totals.fieldBytes += fieldBytes(document.get_object());
    totals.objects += 1;
  }
  totals.bytes += length;
}

/// The first start of a line at or after `offset`.
off_t lineStart(int file, off_t offset) {
  if (offset == 0) return 0;
  char byte = 0;
  for (offset -= 1; pread(file, &byte, 1, offset) == 1; offset += 1) {
    if (byte == '\n') return offset + 1;
  }
  return offset;
}

/// Parses the lines between two starts of lines, a block at a time.
Totals scan(int file, off_t offset, off_t end) {
  Totals totals;
  simdjson::ondemand::parser parser;
  std::vector<char> block(blockBytes + simdjson::SIMDJSON_PADDING);
  while (offset < end) {
    size_t wanted = std::min<off_t>(blockBytes, end - offset);
    ssize_t got = pread(file, block.data(), wanted, offset);
    if (got <= 0) fail("read");
    auto last = static_cast<const char *>(memrchr(block.data(), '\n', got));
    if (last == nullptr) fail("a line is longer than a block");
    size_t length = last + 1 - block.data();
    parse(parser, block.data(), length, totals);
    offset += length;
  }
  return totals;
}

}  // namespace

int main(int count, char **arguments) {
  if (count < 2) return std::fprintf(stderr, "usage: bare FILE [THREADS [FIELD...]]\n"), 2;
  int threads = count > 2 ? std::atoi(arguments[2]) : 1;
  for (int i = 3; i < count; i += 1) {
    std::vector<std::string> keys;
    std::string rest = arguments[i];
    for (size_t dot; (dot = rest.find('.')) != std::string::npos; rest.erase(0, dot + 1)) {
      keys.push_back(rest.substr(0, dot));
    }
    keys.push_back(rest);
    paths.push_back(keys);
  }
  int file = open(arguments[1], O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) fail(arguments[1]);

  std::vector<Totals> parts(threads);
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; i += 1) {
    workers.emplace_back([&, i] {
      off_t begin = lineStart(file, status.st_size * i / threads);
      off_t end = lineStart(file, status.st_size * (i + 1) / threads);
      parts[i] = scan(file, begin, end);
    });
  }
  Totals all;
  for (int i = 0; i < threads; i += 1) {
    workers[i].join();
    all.objects += parts[i].objects;
    all.bytes += parts[i].bytes;
    all.fieldBytes += parts[i].fieldBytes;
  }
  std::printf(
      "{\"objects\": %zu, \"bytes\": %zu, \"fieldBytes\": %zu, \"kernel\": \"%s\", "
      "\"simdjson\": \"%d.%d.%d\"}\n",
      all.objects, all.bytes, all.fieldBytes,
      SIMDJSON_STRINGIFY(SIMDJSON_BUILTIN_IMPLEMENTATION), simdjson::SIMDJSON_VERSION_MAJOR,
      simdjson::SIMDJSON_VERSION_MINOR, simdjson::SIMDJSON_VERSION_REVISION);
}
