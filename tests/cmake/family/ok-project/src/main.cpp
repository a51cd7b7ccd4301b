// SPDX-License-Identifier: BSD-3-Clause
#include <iostream>

int main() {
  std::cout << "relay 2.4.1\n";
}
