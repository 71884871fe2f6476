// How fast zlib alone decompresses a gzip file: nothing is kept, nothing is written.
//
//   inflate FILE
#include <zlib.h>

#include <cstdio>
#include <vector>

int main(int count, char **arguments) {
  if (count < 2) return std::fprintf(stderr, "usage: inflate FILE\n"), 2;
  gzFile file = gzopen(arguments[1], "rb");
  if (file == nullptr) return std::perror(arguments[1]), 1;
  gzbuffer(file, 1 << 18);
  std::vector<char> block(1 << 20);
  size_t bytes = 0;
  int got = 0;
  while ((got = gzread(file, block.data(), block.size())) > 0) bytes += got;
  if (got < 0) return std::fprintf(stderr, "%s: not gzip\n", arguments[1]), 1;
  gzclose(file);
  std::printf("{\"bytes\": %zu, \"zlib\": \"%s\"}\n", bytes, zlibVersion());
}
