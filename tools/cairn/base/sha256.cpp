// SPDX-License-Identifier: BSD-3-Clause
#include "base/sha256.hpp"

#include <fcntl.h>

// OpenSSL 3 deprecates these functions for EVP, whose first digest reads openssl.cnf and sets up
// providers: 1.3 ms, more than the rest of a small scan. These use the same assembly at once.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <openssl/sha.h>

namespace cairn {

struct Sha256::State {
  SHA256_CTX context{};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  SHA256_Init(&state_->context);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  SHA256_Update(&state_->context, bytes.data(), bytes.size());
}

void Sha256::update_field(std::string_view bytes) {
  const std::uint64_t length = bytes.size();
  std::array<char, 8> prefix{};
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    prefix[i] = static_cast<char>((length >> (8 * i)) & 0xff);
  }
  update({prefix.data(), prefix.size()});
  update(bytes);
}

Sha256Bytes Sha256::finish() {
  Sha256Bytes bytes{};
  SHA256_Final(bytes.data(), &state_->context);
  return bytes;
}

std::string to_hex(const Sha256Bytes& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(64);
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return to_hex(hash.finish());
}

Sha256Bytes sha256_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0) throw_errno("reading", path);
  Sha256 hash;
  char buffer[65536];
  while (const std::size_t got = read_some(file.get(), buffer, sizeof buffer, path))
    hash.update({buffer, got});
  return hash.finish();
}

}  // namespace cairn
