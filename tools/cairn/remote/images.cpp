// SPDX-License-Identifier: BSD-3-Clause
#include "remote/images.hpp"

#include "stack/model/description.hpp"

#include <CLI/CLI.hpp>

namespace cairn::remote {

void ImagesOptions::add_to(CLI::App& app, bool required) {
  const std::string what = "Image folders, targets or target/arch";
  app.add_option("image", images, required ? what : what + "; without one, all images")
      ->required(required);
  app.add_option("-C,--build-dir", build_dir, "Build folder")->capture_default_str();
}

std::vector<stack::ImageFolder> ImagesOptions::folders() const {
  std::vector<stack::ImageFolder> folders;
  for (const std::string& name : images) {
    for (const stack::ImageFolder& folder : stack::find_images(build_dir, name))
      folders.push_back(folder);
  }
  if (!images.empty()) return folders;
  for (const auto& file : stack::find_stack_files(build_dir)) {
    for (const std::string& image : stack::StackFile::read(file).images)
      folders.push_back({image});
  }
  return folders;
}

}  // namespace cairn::remote
