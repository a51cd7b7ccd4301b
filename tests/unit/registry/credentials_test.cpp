// SPDX-License-Identifier: BSD-3-Clause
#include "registry/credentials.hpp"

#include "../../support/in_child.hpp"
#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <unistd.h>

namespace cairn::registry {
namespace {

namespace fs = std::filesystem;

class Credentials : public ::testing::Test {
 protected:
  fs::path file() const { return folder_.path() / "config.json"; }

  /// `user:password`, or what went wrong.
  std::string login(const std::string& host, const std::string& config,
                    std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    write_file(file(), config);
    try {
      const auto found = find_credential(host, {folder_.path() / "absent.json", file()}, limit);
      if (!found) return "none";
      return found->user + ":" + found->password.reveal() + found->identity_token.reveal();
    } catch (const UserError& error) {
      return std::string(error.what()) + " | " + error.hint();
    }
  }

  /// As login, with a credential helper `docker-credential-test` that is `script`.
  std::string with_helper(const std::string& script, const std::string& host = "r.example",
                          std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    const fs::path helper = folder_.path() / "docker-credential-test";
    write_file(helper, "#!/bin/sh\n" + script + "\n");
    fs::permissions(helper, fs::perms(0755));
    return testing::in_child([&] {
      install_interrupt_handlers();  // as main does: a helper may end without reading
      ::setenv("PATH", (folder_.path().string() + ":/usr/bin:/bin").c_str(), 1);
      return login(host, R"({"credsStore": "test"})", limit);
    });
  }

  TempDir folder_{"cairn-credentials-"};
};

std::string auths(const std::string& name, const std::string& packed) {
  return R"({"auths": {")" + name + R"(": {"auth": ")" + packed + "\"}}}";
}

TEST_F(Credentials, AreThoseOfTheHost) {
  const std::string packed = encode_base64("me:p:w");
  EXPECT_EQ(login("r.example", auths("r.example", packed)), "me:p:w");
  EXPECT_EQ(login("r.example", auths("https://r.example/v2/", packed)), "me:p:w");
  EXPECT_EQ(login("r.example", auths("r.example:5000", packed)), "none");
  EXPECT_EQ(login("r.example:5000", auths("r.example:5000", packed)), "me:p:w");
}

TEST_F(Credentials, AreThoseOfTheLongestPathThatHasSome) {
  const auto entry = [](const std::string& name, const std::string& user) {
    return "\"" + name + R"(": {"auth": ")" + encode_base64(user + ":pw") + "\"}";
  };
  const std::string all = R"({"auths": {)" + entry("quay.io", "anybody") + "," +
                          entry("quay.io/org", "org") + "," + entry("quay.io/org/web", "web") +
                          "," + entry("docker.io/library", "library") + "}}";
  EXPECT_EQ(login("quay.io/org/web", all), "web:pw");
  EXPECT_EQ(login("quay.io/org/web/deep", all), "web:pw");
  EXPECT_EQ(login("quay.io/org/other", all), "org:pw");
  EXPECT_EQ(login("quay.io/organisation/web", all), "anybody:pw");
  EXPECT_EQ(login("quay.io", all), "anybody:pw");
  EXPECT_EQ(login("docker.io/library/debian", all), "library:pw");
  EXPECT_EQ(login("docker.io/me/web", all), "none");
  EXPECT_EQ(login("quay.io/me/web", "{\"auths\": {" + entry("quay.io/org", "org") + "}}"), "none");
}

TEST_F(Credentials, KnowDockersNames) {
  const std::string packed = encode_base64("me:pw");
  for (const char* name : {"https://index.docker.io/v1/", "docker.io", "registry-1.docker.io"})
    EXPECT_EQ(login("docker.io", auths(name, packed)), "me:pw") << name;
}

TEST_F(Credentials, TakeAnIdentityToken) {
  EXPECT_EQ(login("r.example", R"({"auths": {"r.example": {"identitytoken": "T"}}})"), ":T");
}

TEST_F(Credentials, AskTheHelper) {
  EXPECT_EQ(with_helper(R"(read host; echo "{\"Username\": \"me\", \"Secret\": \"$1-$host\"}")"),
            "me:get-r.example");
  EXPECT_EQ(with_helper(R"(read host; echo "{\"Username\": \"<token>\", \"Secret\": \"$host\"}")",
                        "docker.io"),
            ":https://index.docker.io/v1/");
  EXPECT_EQ(with_helper(R"(read host; echo "{\"Username\": \"me\", \"Secret\": \"$host\"}")",
                        "r.example/org/web"),
            "me:r.example");
  EXPECT_EQ(with_helper("echo credentials not found in native keychain; exit 1"), "none");
}

TEST_F(Credentials, SayNothingThatAHelperSaid) {
  EXPECT_EQ(with_helper("echo planted-secret; exit 1"),
            "the credential helper 'docker-credential-test' failed for 'r.example' | try it: echo "
            "r.example | docker-credential-test get");
  EXPECT_EQ(with_helper("exec sleep 60", "r.example", std::chrono::milliseconds(100)),
            "the credential helper 'docker-credential-test' for 'r.example' did not answer within "
            "0.1 s | try it: echo r.example | docker-credential-test get");
  EXPECT_EQ(login("r.example", R"({"credHelpers": {"r.example": "not-there"}})"),
            "the credential helper 'docker-credential-not-there' for 'r.example' is not on PATH | "
            "install it, or take it out of the login file");
  EXPECT_EQ(login("r.example", R"({"credsStore": "../evil"})"),
            "the credential helper 'docker-credential-../evil' for 'r.example' is not on PATH | "
            "install it, or take it out of the login file");
}

TEST_F(Credentials, SayThatAFileIsDamaged) {
  EXPECT_EQ(login("r.example", "[planted-secret"),
            file().string() +
                ": expected a JSON object with logins | mend or remove the file, and "
                "log in again");
  EXPECT_EQ(login("r.example", auths("r.example", "!!")),
            file().string() + ": a login is damaged | log in again");
  EXPECT_EQ(login("r.example", ""), "none");
}

TEST_F(Credentials, SayThatAFileCannotBeRead) {
  fs::create_directory(folder_.path() / "a-folder");
  try {
    find_credential("r.example", {folder_.path() / "a-folder"});
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.hint(), "make the file readable, or name another one by REGISTRY_AUTH_FILE");
  }
}

TEST_F(Credentials, LieWhereDockerAndPodmanKeepThem) {
  EXPECT_EQ(testing::in_child([] {
              ::setenv("HOME", "/h", 1);
              ::unsetenv("XDG_CONFIG_HOME");
              ::unsetenv("DOCKER_CONFIG");
              ::unsetenv("REGISTRY_AUTH_FILE");
              ::setenv("XDG_RUNTIME_DIR", "/r", 1);
              std::string all;
              for (const fs::path& path : credential_files())
                all += path.string() + " ";
              ::setenv("REGISTRY_AUTH_FILE", "/named", 1);
              return all + credential_files().at(0).string();
            }),
            "/r/containers/auth.json /h/.config/containers/auth.json /h/.docker/config.json "
            "/named");
}

TEST(Base64, GoesThereAndBack) {
  for (const std::string& bytes : {std::string(), std::string("a"), std::string("ab"),
                                   std::string("abc"), std::string("\0\xff x", 4)})
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
  EXPECT_EQ(encode_base64("me:pw"), "bWU6cHc=");
  EXPECT_EQ(decode_base64("bWU6cHc"), std::nullopt);
  EXPECT_EQ(decode_base64("b*U6cHc="), std::nullopt);
}

}  // namespace
}  // namespace cairn::registry
