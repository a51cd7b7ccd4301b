// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace cairn {

/// What the process tells its caller; the table in docs/reference/exit-codes.md is this enum.
enum class ExitCode {
  done = 0,          ///< everything asked for was done
  failed = 1,        ///< a build, an inspection or a test failed
  usage = 2,         ///< the command line or a description is wrong
  unreachable = 3,   ///< the engine (or a registry) does not answer
  skipped = 77,      ///< the only test asked for by --ctest was skipped
  interrupted = 130  ///< stopped by Ctrl-C or SIGTERM
};

/// A failure that somebody up the stack may handle. The text starts in lower case, has no full
/// stop, quotes its subject 'like this'; each layer on the way up puts a clause in front.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}

  virtual ExitCode exit_code() const { return ExitCode::failed; }

  /// The command to type next, or empty. Printed as its own `hint:` line.
  const std::string& hint() const { return hint_; }

 protected:
  Error(const std::string& message, std::string hint)
      : std::runtime_error(message), hint_(std::move(hint)) {}

 private:
  std::string hint_;
};

/// The user must act: bad input, a wrong file, a wrong option. `hint` says what to type.
class UserError : public Error {
 public:
  explicit UserError(const std::string& message, std::string hint = {})
      : Error(message, std::move(hint)) {}
};

/// The command line itself is wrong (exit code 2).
class UsageError : public UserError {
 public:
  using UserError::UserError;
  ExitCode exit_code() const override { return ExitCode::usage; }
};

/// The engine or registry did not answer (exit code 3).
class UnreachableError : public Error {
 public:
  explicit UnreachableError(const std::string& message, std::string hint = {})
      : Error(message, std::move(hint)) {}
  ExitCode exit_code() const override { return ExitCode::unreachable; }
};

/// Ctrl-C or SIGTERM arrived (exit code 130).
class Interrupted : public Error {
 public:
  explicit Interrupted(const std::string& message = "interrupted", std::string hint = {})
      : Error(message, std::move(hint)) {}
  ExitCode exit_code() const override { return ExitCode::interrupted; }
};

/// The message that main prints: `cairn: error: …`, then `cairn: hint: …` when there is one.
/// Every line after the first of a message is kept as it is.
std::string format_error(const std::exception& error);

/// Throws an Error for a failed system call: `<doing> '<path>': <strerror(errno)>`.
[[noreturn]] void throw_errno(const std::string& doing, const std::string& path);

}  // namespace cairn
