#include <iostream>
#include <string>
#include <string_view>

// Copies lines from standard input to standard output, each behind a prefix.
int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version") {
    std::cout << "relay " RELAY_VERSION "\n";
    return 0;
  }
  if (argc > 2 || first.starts_with("-")) {
    std::cerr << "usage: relay [--version | <prefix>]\n";
    return 2;
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << first << line << '\n';
  }
}
