#include <iostream>

int main() {
  std::cout << "relay 2.4.1\n";
}
