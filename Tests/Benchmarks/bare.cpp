// The limit: how fast simdjson alone goes over a file of one JSON object a line.
//
//   bare FILE [THREADS [FIELD...]]
//
// Reads four fields of every object, those of CloudTrail, or every field at the dotted paths that
// are given; adds up their lengths so that nothing is optimised away, and keeps nothing. Prints
// objects, bytes, the sum, and which of simdjson's kernels ran.
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

/// A key on the way to a wanted field.
struct Step {
  std::string key;
  bool isWanted = false;
  std::vector<Step> children;

  /// The step of a key, which is a string or simdjson's place of one.
  template <typename Key> const Step *child(Key wanted) const {
    for (const Step &each : children) {
      if (wanted == std::string_view(each.key)) return &each;
    }
    return nullptr;
  }
};

/// The fields that are asked for, as a tree of keys; none for those of CloudTrail.
Step root;

/// Adds a dotted path; a dot behind a backslash belongs to the key.
void want(std::string_view path) {
  Step *step = &root;
  std::string key;
  for (size_t at = 0; at <= path.size(); at += 1) {
    if (at < path.size() && path[at] == '\\') {
      key += path[++at];
    } else if (at < path.size() && path[at] != '.') {
      key += path[at];
    } else {
      Step *next = const_cast<Step *>(step->child(std::string_view(key)));
      if (next == nullptr) {
        step->children.emplace_back().key = key;
        next = &step->children.back();
      }
      step = next;
      key.clear();
    }
  }
  step->isWanted = true;
}

size_t givenBytes(simdjson::ondemand::value value, const Step &step);

/// Walks over an object once, whatever the order of its fields.
size_t givenBytes(simdjson::ondemand::object object, const Step &step) {
  size_t bytes = 0;
  for (auto result : object) {
    simdjson::ondemand::field field;
    if (std::move(result).get(field)) fail("field");
    const Step *child = step.child(field.key());
    if (child != nullptr) bytes += givenBytes(field.value(), *child);
  }
  return bytes;
}

/// Reads fields of any format: the texts and numbers at the wanted paths, through lists.
size_t givenBytes(simdjson::ondemand::value value, const Step &step) {
  switch (value.type()) {
    case simdjson::ondemand::json_type::object: return givenBytes(value.get_object(), step);
    case simdjson::ondemand::json_type::array: {
      size_t bytes = 0;
      for (auto element : value.get_array()) bytes += givenBytes(element.value(), step);
      return bytes;
    }
    case simdjson::ondemand::json_type::string:
      return step.isWanted ? std::string_view(value.get_string()).size() : 0;
    case simdjson::ondemand::json_type::number:
      return step.isWanted ? size_t(double(value.get_double()) != 0) : 0;
    case simdjson::ondemand::json_type::boolean: return step.isWanted ? bool(value.get_bool()) : 0;
    default: return 0;
  }
}

/// Reads the fields in the order in which they stand in the line, which is the fast way.
size_t fieldBytes(simdjson::ondemand::object object) {
  if (!root.children.empty()) return givenBytes(object, root);
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
  for (int i = 3; i < count; i += 1) want(arguments[i]);
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
