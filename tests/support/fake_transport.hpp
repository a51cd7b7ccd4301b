// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/errors.hpp"
#include "registry/transport.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cairn::testing {

/// Answers by a function and keeps what it was asked.
class FakeTransport : public registry::Transport {
 public:
  using Answerer = std::function<registry::Answer(const registry::Request&)>;

  FakeTransport(Answerer answerer, std::vector<registry::Request>& asked)
      : answerer_(std::move(answerer)), asked_(asked) {}

  registry::Answer send(const registry::Request& request) override {
    asked_.push_back(request);
    return answerer_(request);
  }

 private:
  Answerer answerer_;
  std::vector<registry::Request>& asked_;
};

/// The value of a header that was sent; empty when it was not.
inline std::string sent_header(const registry::Request& request, const std::string& name) {
  for (const std::string& header : request.headers) {
    if (header.rfind(name + ": ", 0) == 0) return header.substr(name.size() + 2);
  }
  return {};
}

}  // namespace cairn::testing
