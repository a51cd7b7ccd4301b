// SPDX-License-Identifier: BSD-3-Clause
#include "registry/push.hpp"

#include "base/lock.hpp"
#include "base/text.hpp"
#include "registry/errors.hpp"
#include "registry/manifests.hpp"
#include "registry/parallel.hpp"

#include <algorithm>

namespace cairn::registry {
namespace {

std::string where_of(const PushTarget& target, const oci::Descriptor& descriptor) {
  return "'" + descriptor.digest.to_string() + "' in " + target.source->name();
}

}  // namespace

PushReport& PushReport::operator+=(const PushReport& other) {
  manifests_there += other.manifests_there;
  manifests_put += other.manifests_put;
  blobs_there += other.blobs_there;
  blobs_mounted += other.blobs_mounted;
  blobs_uploaded += other.blobs_uploaded;
  bytes_uploaded += other.bytes_uploaded;
  return *this;
}

Pusher::Pusher(Client& client, PushOptions options) : client_(client), options_(options) {}

PushReport Pusher::push(const std::vector<PushTarget>& targets) {
  stop_ = false;
  report_ = {};
  std::vector<Plan> plans;
  for (const PushTarget& target : targets)
    plans.push_back({&target});
  in_parallel(plans.size(), options_.uploads, stop_,
              [&](std::size_t i) { plan_tree(plans[i], plans[i].target->root, 0); });
  try_repositories(plans);
  const std::vector<BlobJob> jobs = blob_jobs(plans);
  in_parallel(jobs.size(), options_.uploads, stop_, [&](std::size_t i) { push_blob(jobs[i]); });
  in_parallel(plans.size(), options_.uploads, stop_,
              [&](std::size_t i) { put_documents(plans[i]); });
  return report_;
}

void Pusher::plan_tree(Plan& plan, const oci::Descriptor& descriptor, int depth) {
  const PushTarget& target = *plan.target;
  const auto is_it = [&](const Document& one) {
    return one.descriptor.digest == descriptor.digest;
  };
  if (std::any_of(plan.documents.begin(), plan.documents.end(), is_it)) return;
  const std::string where = where_of(target, descriptor);
  oci::require_document_type(descriptor.media_type, where);
  oci::check_depth(depth, where);
  if (!target.is_new && head_manifest(client_, target.repository, descriptor.digest.to_string())) {
    const std::lock_guard guard(mutex_);
    ++report_.manifests_there;
    return;
  }
  Document document{descriptor, read_blob(*target.source, descriptor, oci::kLargestManifest), {}};
  oci::check_media_type(document.bytes, descriptor, where);
  document.below = oci::named_by(document.bytes, descriptor.media_type, where);
  for (const oci::Descriptor& below : document.below) {
    if (oci::is_index_type(descriptor.media_type)) {
      plan_tree(plan, below, depth + 1);
    } else {
      plan.blobs.emplace(below.digest.to_string(), below);
    }
  }
  plan.documents.push_back(std::move(document));
}

// Before gigabytes move: all that is wrong at once, as whoever mends it wants to know.
void Pusher::try_repositories(const std::vector<Plan>& plans) {
  std::map<std::string, oci::Reference> repositories;
  for (const Plan& plan : plans) {
    const oci::Reference& repository = plan.target->repository;
    if (plan.documents.empty() || plan.target->is_new) continue;
    repositories.emplace(repository.repository(), repository);
  }
  std::vector<oci::Reference> all;
  for (const auto& [name, repository] : repositories)
    all.push_back(repository);
  std::vector<std::pair<std::string, std::string>> refusals(all.size());
  in_parallel(all.size(), options_.uploads, stop_, [&](std::size_t i) {
    try {
      try_push(client_, all[i]);
    } catch (const UserError& error) {
      refusals[i] = {error.what(), error.hint()};
    }
  });
  std::vector<std::string> texts;
  std::string hint;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [text, way_out] = refusals[i];
    if (text.empty()) continue;
    texts.push_back("'" + all[i].repository() + "' cannot be pushed to: " + text);
    if (hint.empty()) hint = way_out;
  }
  if (!texts.empty()) throw UserError(join(texts, "\n"), hint);
}

std::vector<Pusher::BlobJob> Pusher::blob_jobs(const std::vector<Plan>& plans) const {
  std::map<Place, BlobJob> jobs;
  for (const Plan& plan : plans) {
    for (const auto& [digest, blob] : plan.blobs) {
      const Place place{plan.target->repository.host, digest};
      jobs.emplace(place, BlobJob{blob}).first->second.plans.push_back(&plan);
    }
  }
  std::vector<BlobJob> all;
  for (auto& [place, job] : jobs)
    all.push_back(std::move(job));
  // The largest first: the last to end is then a small one.
  std::stable_sort(all.begin(), all.end(), [](const BlobJob& left, const BlobJob& right) {
    return left.blob.size > right.blob.size;
  });
  return all;
}

void Pusher::push_blob(const BlobJob& job) {
  for (const Plan* plan : job.plans) {
    const PushTarget& target = *plan->target;
    const Place place{target.repository.host, job.blob.digest.to_string()};
    std::vector<oci::Reference> sources;
    {
      const std::lock_guard guard(mutex_);
      sources = known_[place];
    }
    const auto is_target = [&](const oci::Reference& one) {
      return one.path == target.repository.path;
    };
    if (std::any_of(sources.begin(), sources.end(), is_target)) continue;
    sources.insert(sources.end(), target.mount_from.begin(), target.mount_from.end());
    BlobStream stream(*target.source, job.blob);
    const Slot slot(slots_of(target.repository.host), options_.slots, {});
    Upload upload(client_, target.repository, stream, {options_.chunk_bytes, &stop_});
    count(upload.run(sources), job.blob.size);
    const std::lock_guard guard(mutex_);
    known_[place].push_back(target.repository);
  }
}

void Pusher::count(Arrival arrival, std::uint64_t bytes) {
  const std::lock_guard guard(mutex_);
  switch (arrival) {
    case Arrival::there:
      ++report_.blobs_there;
      break;
    case Arrival::mounted:
      ++report_.blobs_mounted;
      break;
    case Arrival::uploaded:
      ++report_.blobs_uploaded;
      report_.bytes_uploaded += bytes;
      break;
  }
}

void Pusher::put_documents(const Plan& plan) {
  const oci::Reference& repository = plan.target->repository;
  for (const Document& document : plan.documents) {
    const std::string digest = document.descriptor.digest.to_string();
    if (!put(repository, digest, document)) {
      mend(plan, document);
      if (!put(repository, digest, document)) {
        throw Error("'" + repository.repository() + "@" + digest +
                    "': the registry says that it lacks what this names, and has all of it");
      }
    }
    const std::lock_guard guard(mutex_);
    pushed_.insert(repository.repository() + "@" + digest);
    ++report_.manifests_put;
  }
}

// What was believed to be there is not (a registry collected it, or shows it late): everything is
// looked at again, and nothing is believed.
void Pusher::mend(const Plan& plan, const Document& document) {
  const PushTarget& target = *plan.target;
  for (const oci::Descriptor& below : document.below) {
    const std::string digest = below.digest.to_string();
    if (!oci::is_index_type(below.media_type) && !oci::is_manifest_type(below.media_type)) {
      {
        const std::lock_guard guard(mutex_);
        known_.erase({target.repository.host, digest});
      }
      BlobStream stream(*target.source, below);
      Upload upload(client_, target.repository, stream, {options_.chunk_bytes, &stop_});
      count(upload.run({}), below.size);
      continue;
    }
    oci::Reference child = target.repository;
    child.digest = digest;
    if (this->digest(child)) continue;
    Plan again{&target};
    plan_tree(again, below, 0);
    for (const auto& [name, blob] : again.blobs) {
      BlobStream stream(*target.source, blob);
      Upload upload(client_, target.repository, stream, {options_.chunk_bytes, &stop_});
      count(upload.run({}), blob.size);
    }
    put_documents(again);
  }
}

/// False when the registry lacks something that the document names.
bool Pusher::put(const oci::Reference& repository, const std::string& name,
                 const Document& document) {
  const oci::Descriptor& descriptor = document.descriptor;
  const auto refusal = put_manifest(client_, repository, name,
                                    {descriptor.digest, descriptor.media_type, document.bytes});
  if (!refusal) return true;
  if (lacks_something(refusal->answer)) return false;
  refuse(refusal->request, refusal->answer, repository, Access::push);
}

void Pusher::tag(const PushTarget& target, const std::string& tag) {
  const Document document{
      target.root, read_blob(*target.source, target.root, oci::kLargestManifest), {}};
  if (!put(target.repository, tag, document)) {
    throw Error("'" + target.repository.repository() + ":" + tag +
                "': the registry lacks what this names");
  }
}

std::optional<oci::Digest> Pusher::digest(const oci::Reference& reference) {
  const std::string name = !reference.digest.empty() ? reference.digest
                           : reference.tag.empty()   ? "latest"
                                                     : reference.tag;
  RetryPolicy policy = client_.retry();
  policy.attempts = 1 << 20;  // time is the limit here
  policy.longest = std::min(policy.longest, std::chrono::milliseconds(1000));
  Backoff backoff(policy);
  const auto deadline = std::chrono::steady_clock::now() + options_.settle;
  for (;;) {
    auto found = head_manifest(client_, reference, name);
    if (found) return found;
    {
      const std::lock_guard guard(mutex_);
      if (!pushed_.contains(reference.repository() + "@" + reference.digest)) return found;
    }
    if (std::chrono::steady_clock::now() >= deadline || !backoff.pause(nullptr)) return found;
  }
}

}  // namespace cairn::registry
