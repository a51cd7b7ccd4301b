// SPDX-License-Identifier: BSD-3-Clause
#include "registry/credentials.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

#include <cstdlib>

namespace cairn::registry {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

std::string host_of(const std::string& repository) {
  return repository.substr(0, repository.find('/'));
}

/// Every name under which a login for the registry `host` may be filed (docker's
/// registry/config.go, containers-auth.json(5)).
std::vector<std::string> names_of(const std::string& host) {
  std::vector<std::string> hosts{host};
  if (host == "docker.io") hosts = {"docker.io", "index.docker.io", "registry-1.docker.io"};
  std::vector<std::string> names;
  for (const std::string& name : hosts) {
    for (const char* end : {"", "/v1/", "/v1", "/v2/", "/v2", "/"}) {
      for (const char* scheme : {"", "https://", "http://"})
        names.push_back(scheme + name + end);
    }
  }
  return names;
}

/// Every name under which a login for `repository` may be filed: itself and what it lies in
/// first, the longest first (containers-auth.json(5), "FORMAT").
std::vector<std::string> names_of_repository(const std::string& repository) {
  std::vector<std::string> names;
  for (std::size_t end = repository.size(); repository.find('/') < end;
       end = repository.rfind('/', end - 1))
    names.push_back(repository.substr(0, end));
  const std::vector<std::string> more = names_of(host_of(repository));
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

/// What docker and podman themselves file under a server that the helper calls so.
std::string helper_server(const std::string& host) {
  return host == "docker.io" ? "https://index.docker.io/v1/" : host;
}

std::optional<Credential> ask_helper(const std::string& helper, const std::string& host,
                                     std::chrono::milliseconds limit) {
  const std::string program = "docker-credential-" + helper;
  if (helper.find('/') != std::string::npos || !find_program(program)) {
    throw UserError("the credential helper '" + program + "' for '" + host + "' is not on PATH",
                    "install it, or take it out of the login file");
  }
  RunOptions options;
  options.time_limit = limit;
  const Command command{{program, "get"}, {}, {}, helper_server(host) + "\n"};
  const ProcessResult result = run_process(command, options);
  if (result.timed_out) {
    throw UserError("the credential helper '" + program + "' for '" + host +
                        "' did not answer within " +
                        format_seconds(std::chrono::duration<double>(limit).count()),
                    "try it: echo " + host + " | " + program + " get");
  }
  // docker-credential-helpers: exit code 1 and this text when there is no login.
  const std::string& said = result.out + result.err;
  if (said.find("credentials not found") != std::string::npos) return std::nullopt;
  const Json answer = Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  const std::string user = text_at(answer, "Username");
  if (result.exit_status != 0 || user.empty()) {
    throw UserError("the credential helper '" + program + "' failed for '" + host + "'",
                    "try it: echo " + host + " | " + program + " get");
  }
  const Secret secret(text_at(answer, "Secret"));
  if (user == "<token>") return Credential{{}, {}, secret};
  return Credential{user, secret, {}};
}

std::optional<Credential> read_entry(const Json& entry, const fs::path& file) {
  const std::string token = text_at(entry, "identitytoken");
  if (!token.empty()) return Credential{{}, {}, Secret(token)};
  const std::string packed = text_at(entry, "auth");
  if (packed.empty()) {
    const std::string user = text_at(entry, "username");
    if (user.empty()) return std::nullopt;
    return Credential{user, Secret(text_at(entry, "password")), {}};
  }
  const std::optional<std::string> plain = decode_base64(packed);
  const std::size_t colon = plain ? plain->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    throw UserError(file.string() + ": a login is damaged", "log in again");
  }
  return Credential{plain->substr(0, colon), Secret(plain->substr(colon + 1)), {}};
}

const Json& object_at(const Json& document, const char* key) {
  static const Json nothing = Json::object();
  const auto found = document.find(key);
  return found != document.end() && found->is_object() ? *found : nothing;
}

std::optional<Credential> find_in(const fs::path& file, const Json& document,
                                  const std::string& repository, std::chrono::milliseconds limit) {
  // Helpers know registries alone.
  const std::string host = host_of(repository);
  for (const std::string& name : names_of(host)) {
    const std::string helper = text_at(object_at(document, "credHelpers"), name.c_str());
    if (!helper.empty()) return ask_helper(helper, host, limit);
  }
  const Json& logins = object_at(document, "auths");
  for (const std::string& name : names_of_repository(repository)) {
    const auto entry = logins.find(name);
    if (entry == logins.end()) continue;
    if (auto credential = read_entry(*entry, file)) return credential;
  }
  const std::string store = text_at(document, "credsStore");
  return store.empty() ? std::nullopt : ask_helper(store, host, limit);
}

}  // namespace

std::vector<fs::path> credential_files() {
  const std::string home = variable("HOME");
  if (const std::string named = variable("REGISTRY_AUTH_FILE"); !named.empty()) return {named};
  std::vector<fs::path> files;
  if (const std::string run = variable("XDG_RUNTIME_DIR"); !run.empty()) {
    files.push_back(fs::path(run) / "containers/auth.json");
  }
  const std::string config = variable("XDG_CONFIG_HOME");
  files.push_back((config.empty() ? fs::path(home) / ".config" : fs::path(config)) /
                  "containers/auth.json");
  const std::string docker = variable("DOCKER_CONFIG");
  files.push_back((docker.empty() ? fs::path(home) / ".docker" : fs::path(docker)) / "config.json");
  return files;
}

std::optional<Credential> find_credential(const std::string& repository,
                                          const std::vector<fs::path>& files,
                                          std::chrono::milliseconds helper_limit) {
  for (const fs::path& file : files) {
    std::optional<std::string> text;
    try {
      text = read_file_if_present(file);
    } catch (const Error& error) {
      throw UserError(
          std::string("looking for a login for '") + host_of(repository) + "': " + error.what(),
          "make the file readable, or name another one by REGISTRY_AUTH_FILE");
    }
    if (!text || trim(*text).empty()) continue;
    const Json document = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    if (!document.is_object()) {
      throw UserError(file.string() + ": expected a JSON object with logins",
                      "mend or remove the file, and log in again");
    }
    if (auto credential = find_in(file, document, repository, helper_limit)) return credential;
  }
  return std::nullopt;
}

}  // namespace cairn::registry
