// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::registry {

/// The digest that `name` (a tag or a digest) has in a repository, by HEAD with the token of a
/// push; nothing when it is not there. Throws as Client::digest.
std::optional<oci::Digest> head_manifest(Client& client, const oci::Reference& repository,
                                         const std::string& name);

/// A request and the answer that refused it, for `refuse`.
struct Refusal {
  Request request;
  Answer answer;
};

/// Puts a manifest or index under `name`, a tag or its digest; nothing when it is there, confirmed
/// by the digest that the registry tells. Where no answer came, or one that may pass, a HEAD says
/// whether the PUT arrived before it is sent again. `before_send` as of Request. Throws
/// UnreachableError when no answer comes, Error when the registry tells another digest.
std::optional<Refusal> put_manifest(Client& client, const oci::Reference& repository,
                                    const std::string& name, const RemoteManifest& document,
                                    const std::function<void()>& before_send = {});

/// What came of a PUT that asks for tags.
struct PutTags {
  std::optional<Refusal> refusal;
  std::vector<std::string> tags;  ///< of those asked for, what the registry says that it has set
};

/// Puts a manifest or index by its digest and asks the registry to set `tags` to it in the same
/// request (distribution-spec, "Pushing Manifests": parameters `tag`, headers OCI-Tag). A registry
/// that does not know the parameter takes the manifest and names no tag: what is not in the answer
/// has not moved as far as anybody knows. An unclear PUT is sent again; what became of its tags
/// when no answer comes at all must be asked for by whoever catches the UnreachableError. Throws
/// as put_manifest, and takes `before_send` as it does.
PutTags put_tags(Client& client, const oci::Reference& repository,
                 const std::vector<std::string>& tags, const RemoteManifest& document,
                 const std::function<void()>& before_send = {});

/// Whether a PUT was refused because a blob or child that the document names is not there.
bool lacks_something(const Answer& answer);

/// All tags of a repository, sorted, page by page; none when the registry does not know it. Throws
/// as Client, and Error for a list that is none or has no end.
std::vector<std::string> list_tags(Client& client, const oci::Reference& repository);

}  // namespace cairn::registry
