// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/structure_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>

namespace cairn::stack {
namespace {

using Strings = std::vector<std::string>;

/// Reads nodes of one file; every complaint names the place.
class Reader {
 public:
  /// What a key means: called with its value.
  using Field = std::function<void(const YAML::Node&)>;
  using Fields = std::map<std::string, Field>;

  explicit Reader(std::string path) : path_(std::move(path)) {}

  [[noreturn]] void fail(const YAML::Node& node, const std::string& what,
                         const std::string& hint = {}) const {
    const YAML::Mark mark = node.Mark();
    throw UserError(fmt::format("{}:{}:{}: {}", path_, mark.line + 1, mark.column + 1, what), hint);
  }

  void read_map(const YAML::Node& node, const std::string& what, const Fields& fields) const {
    if (!node.IsMap()) fail(node, "expected keys and values at '" + what + "'");
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const std::string key = entry.first.as<std::string>();
      // The second would take the place of the first, whose check is then not carried out.
      if (!seen.insert(key).second) {
        fail(entry.first, fmt::format("'{}' is there twice in '{}'", key, what));
      }
      const auto found = fields.find(key);
      if (found == fields.end()) unknown_key(entry.first, key, what, fields);
      if (!entry.second.IsNull()) found->second(entry.second);
    }
  }

  void read_list(const YAML::Node& node, const std::string& what, const Field& read_item) const {
    if (!node.IsSequence()) fail(node, "expected a list at '" + what + "'");
    for (const YAML::Node& item : node)
      read_item(item);
  }

  std::string text(const YAML::Node& node) const {
    if (!node.IsScalar()) fail(node, "expected a text");
    return node.Scalar();
  }

  /// A field that reads its value into `value`, which outlives it.
  template <typename Value>
  Field into(Value& value) const {
    return [this, &value](const YAML::Node& node) { assign(node, value); };
  }

 private:
  void assign(const YAML::Node& node, std::string& value) const { value = text(node); }
  void assign(const YAML::Node& node, bool& value) const {
    value = convert<bool>(node, "true or false");
  }
  void assign(const YAML::Node& node, int& value) const { value = convert<int>(node, "a number"); }

  template <typename Value>
  void assign(const YAML::Node& node, std::optional<Value>& value) const {
    assign(node, value.emplace());
  }

  void assign(const YAML::Node& node, Strings& values) const { append(node, "texts", values); }
  void assign(const YAML::Node& node, std::vector<Strings>& values) const {
    append(node, "commands", values);
  }
  void assign(const YAML::Node& node, std::vector<StructureValue>& values) const {
    append(node, "variables", values);
  }

  void assign(const YAML::Node& node, StructureValue& value) const {
    read_map(node, "variables",
             {{"key", into(value.key)},
              {"value", into(value.value)},
              {"isRegex", into(value.is_regex)}});
    if (value.key.empty()) fail(node, "expected a 'key'");
  }

  template <typename Value>
  void append(const YAML::Node& node, const char* what, std::vector<Value>& values) const {
    read_list(node, what, [&](const YAML::Node& item) { assign(item, values.emplace_back()); });
  }

  template <typename Value>
  Value convert(const YAML::Node& node, const char* what) const {
    try {
      return node.as<Value>();
    } catch (const YAML::Exception&) {
      fail(node, fmt::format("expected {}, got '{}'", what, node.IsScalar() ? node.Scalar() : ""));
    }
  }

  [[noreturn]] void unknown_key(const YAML::Node& node, const std::string& key,
                                const std::string& what, const Fields& fields) const {
    Strings known;
    for (const auto& field : fields)
      known.push_back(field.first);
    const auto near = did_you_mean(key, known);
    fail(node, fmt::format("unknown key '{}' in '{}'", key, what),
         near ? "did you mean '" + *near + "'?" : "the keys are: " + join(known, ", "));
  }

  std::string path_;
};

void require_name(const Reader& reader, const YAML::Node& node, const std::string& name,
                  const std::string& path, const char* what) {
  if (name.empty()) reader.fail(node, "expected a 'name'");
  if (path.empty()) reader.fail(node, fmt::format("expected a '{}' for '{}'", what, name));
}

StructureCommand read_command(const Reader& reader, const YAML::Node& node) {
  StructureCommand test;
  std::string command;
  Strings arguments;
  reader.read_map(node, "commandTests",
                  {{"name", reader.into(test.name)},
                   {"setup", reader.into(test.setup)},
                   {"teardown", reader.into(test.teardown)},
                   {"envVars", reader.into(test.environment)},
                   {"exitCode", reader.into(test.exit_code)},
                   {"command", reader.into(command)},
                   {"args", reader.into(arguments)},
                   {"expectedOutput", reader.into(test.expected_output)},
                   {"excludedOutput", reader.into(test.excluded_output)},
                   {"expectedError", reader.into(test.expected_error)},
                   {"excludedError", reader.into(test.excluded_error)}});
  require_name(reader, node, test.name, command, "command");
  test.argv = {command};
  test.argv.insert(test.argv.end(), arguments.begin(), arguments.end());
  return test;
}

StructureExistence read_existence(const Reader& reader, const YAML::Node& node) {
  StructureExistence test;
  reader.read_map(node, "fileExistenceTests",
                  {{"name", reader.into(test.name)},
                   {"path", reader.into(test.path)},
                   {"shouldExist", reader.into(test.should_exist)},
                   {"permissions", reader.into(test.permissions)},
                   {"uid", reader.into(test.uid)},
                   {"gid", reader.into(test.gid)},
                   {"isExecutableBy", reader.into(test.executable_by)}});
  require_name(reader, node, test.name, test.path, "path");
  const Strings known{"", "owner", "group", "other", "any"};
  if (std::find(known.begin(), known.end(), test.executable_by) == known.end()) {
    reader.fail(node, "invalid isExecutableBy '" + test.executable_by + "'",
                "one of owner, group, other, any");
  }
  return test;
}

StructureContent read_content(const Reader& reader, const YAML::Node& node) {
  StructureContent test;
  reader.read_map(node, "fileContentTests",
                  {{"name", reader.into(test.name)},
                   {"path", reader.into(test.path)},
                   {"expectedContents", reader.into(test.expected)},
                   {"excludedContents", reader.into(test.excluded)}});
  require_name(reader, node, test.name, test.path, "path");
  return test;
}

StructureMetadata read_metadata(const Reader& reader, const YAML::Node& node) {
  StructureMetadata test;
  reader.read_map(node, "metadataTest",
                  {{"env", reader.into(test.environment)},
                   {"envVars", reader.into(test.environment)},
                   {"unboundEnvVars",
                    [&](const YAML::Node& list) {
                      std::vector<StructureValue> values;
                      reader.into(values)(list);
                      for (const auto& value : values)
                        test.unbound_environment.push_back(value.key);
                    }},
                   {"labels", reader.into(test.labels)},
                   {"exposedPorts", reader.into(test.exposed_ports)},
                   {"unexposedPorts", reader.into(test.unexposed_ports)},
                   {"volumes", reader.into(test.volumes)},
                   {"unmountedVolumes", reader.into(test.unmounted_volumes)},
                   {"entrypoint", reader.into(test.entrypoint)},
                   {"cmd", reader.into(test.cmd)},
                   {"workdir", reader.into(test.working_dir)},
                   {"user", reader.into(test.user)}});
  return test;
}

void read_run_options(const Reader& reader, const YAML::Node& node, StructureFile& file) {
  bool privileged = false;
  std::string env_file;
  Strings variables;
  Strings capabilities;
  Strings mounts;
  reader.read_map(node, "containerRunOptions",
                  {{"user", reader.into(file.run_user)},
                   {"privileged", reader.into(privileged)},
                   {"allocateTty", reader.into(file.run_tty)},
                   {"envFile", reader.into(env_file)},
                   {"envVars", reader.into(variables)},
                   {"capabilities", reader.into(capabilities)},
                   {"bindMounts", reader.into(mounts)}});
  const auto add = [&file](const char* flag, const std::string& value) {
    file.run_flags.insert(file.run_flags.end(), {flag, value});
  };
  if (privileged) file.run_flags.emplace_back("--privileged");
  if (!env_file.empty()) add("--env-file", env_file);
  for (const std::string& name : variables)
    add("--env", name);
  for (const std::string& name : capabilities)
    add("--cap-add", name);
  for (const std::string& mount : mounts)
    add("--volume", mount);
}

StructureFile read_file_node(const Reader& reader, const YAML::Node& root) {
  StructureFile file;
  std::string version;
  const auto each = [&reader](const std::string& what, auto& list, auto read_one) {
    return [&reader, what, &list, read_one](const YAML::Node& node) {
      reader.read_list(node, what,
                       [&](const YAML::Node& item) { list.push_back(read_one(reader, item)); });
    };
  };
  reader.read_map(
      root, "the file",
      {{"schemaVersion", reader.into(version)},
       {"globalEnvVars", reader.into(file.global_environment)},
       {"commandTests", each("commandTests", file.commands, read_command)},
       {"fileExistenceTests", each("fileExistenceTests", file.existence, read_existence)},
       {"fileContentTests", each("fileContentTests", file.contents, read_content)},
       {"metadataTest",
        [&](const YAML::Node& node) { file.metadata = read_metadata(reader, node); }},
       {"licenseTests",
        [&](const YAML::Node& node) {
          reader.fail(node, "'licenseTests' are not supported",
                      "check the files with fileContentTests instead");
        }},
       {"containerRunOptions",
        [&](const YAML::Node& node) { read_run_options(reader, node, file); }}});
  if (version != "2.0.0") {
    reader.fail(root, fmt::format("expected schemaVersion 2.0.0, got '{}'", version));
  }
  return file;
}

/// Counts documents and keeps nothing of them.
class DocumentCounter : public YAML::EventHandler {
 public:
  int count() const { return count_; }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override { ++count_; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}

 private:
  int count_ = 0;
};

/// Looks no further than the second document: in some broken text yaml-cpp finds empty ones for
/// ever, which YAML::LoadAll collects until the memory is gone.
bool has_one_document(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  DocumentCounter counter;
  while (counter.count() < 2 && parser.HandleNextDocument(counter)) {
  }
  return counter.count() < 2;
}

std::string read_text(const std::filesystem::path& path) {
  const auto text = read_file_if_present(path);
  if (!text) throw UserError("cannot read structure file '" + path.string() + "'");
  return *text;
}

}  // namespace

StructureFile StructureFile::read(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  YAML::Node root;
  try {
    if (!has_one_document(text)) {
      throw UserError(path.string() + ": several YAML documents, expected one",
                      "give each a file and a test of its own");
    }
    root = YAML::Load(text);
  } catch (const YAML::ParserException& error) {
    throw UserError(fmt::format("{}:{}:{}: invalid YAML: {}", path.string(), error.mark.line + 1,
                                error.mark.column + 1, error.msg));
  }
  if (root.IsNull()) throw UserError(path.string() + ": no test in it");
  const Reader reader(path.string());
  StructureFile file;
  try {
    file = read_file_node(reader, root);
  } catch (const YAML::Exception& error) {
    throw UserError(fmt::format("{}:{}:{}: {}", path.string(), error.mark.line + 1,
                                error.mark.column + 1, error.msg));
  }
  if (file.commands.empty() && file.existence.empty() && file.contents.empty() && !file.metadata) {
    throw UserError(path.string() + ": no test in it");
  }
  return file;
}

}  // namespace cairn::stack
