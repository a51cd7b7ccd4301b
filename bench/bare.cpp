// SPDX-License-Identifier: BSD-3-Clause
// What any process costs on this machine: the floor under every figure.
int main() {
  return 0;
}
