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
  used_.clear();
  bare_.clear();
  std::vector<Plan> plans;
  for (const PushTarget& target : targets)
    plans.push_back({&target});
  in_parallel(plans.size(), options_.uploads, stop_,
              [&](std::size_t i) { plan_tree(plans[i], plans[i].target->root, 0); });
  std::vector<BlobJob> jobs = blob_jobs(plans);
  const std::size_t firsts = put_firsts_first(jobs);
  const Begun begun = try_repositories(plans, jobs);
  in_parallel(firsts, options_.uploads, stop_, [&](std::size_t i) { push_blob(jobs[i], begun); });
  in_parallel(jobs.size() - firsts, options_.uploads, stop_,
              [&](std::size_t i) { push_blob(jobs[firsts + i], begun); });
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
  // An index comes last: where it is, and no tag, asking for its children costs little more.
  const bool is_index = oci::is_index_type(descriptor.media_type);
  const bool asks = !target.is_below_only && !(target.is_untagged && is_index);
  if (asks && head_manifest(client_, target.repository, descriptor.digest.to_string())) {
    const std::lock_guard guard(mutex_);
    ++report_.manifests_there;
    used_.insert(target.repository.repository());
    return;
  }
  Document document{descriptor, read_blob(*target.source, descriptor, oci::kLargestManifest), {}};
  oci::check_media_type(document.bytes, descriptor, where);
  document.below = oci::named_by(document.bytes, descriptor.media_type, where);
  for (const oci::Descriptor& below : document.below) {
    if (is_index) {
      plan_tree(plan, below, depth + 1);
    } else {
      plan.blobs.emplace(below.digest.to_string(), below);
    }
  }
  if (!is_index) plan.configs.insert(document.below.back().digest.to_string());
  if (!target.is_below_only) plan.documents.push_back(std::move(document));
}

// Before gigabytes move: all that is wrong at once, as whoever mends it wants to know.
Pusher::Begun Pusher::try_repositories(const std::vector<Plan>& plans,
                                       const std::vector<BlobJob>& jobs) {
  std::map<std::string, const PushTarget*> repositories;
  for (const Plan& plan : plans) {
    if (plan.documents.empty()) continue;
    repositories.emplace(plan.target->repository.repository(), plan.target);
  }
  Begun begun;
  std::vector<const PushTarget*> all;
  for (const auto& [name, target] : repositories)
    all.push_back(target);
  for (const BlobJob& job : jobs) {
    if (job.is_first) begun[job.plans.front()->target->repository.repository()];
  }
  std::vector<std::pair<std::string, std::string>> refusals(all.size());
  in_parallel(all.size(), options_.uploads, stop_, [&](std::size_t i) {
    try {
      auto made = std::make_unique<BegunUpload>(client_, all[i]->repository);
      const auto kept = begun.find(all[i]->repository.repository());
      if (kept != begun.end()) kept->second = std::move(made);
    } catch (const UserError& error) {
      refusals[i] = {error.what(), error.hint()};
    }
  });
  std::vector<std::string> texts;
  std::string hint;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [text, way_out] = refusals[i];
    if (text.empty()) continue;
    texts.push_back("'" + all[i]->repository.repository() + "' cannot be pushed to: " + text);
    if (hint.empty()) hint = way_out;
  }
  if (texts.empty()) return begun;
  begun.clear();  // before the throw: while one is on its way nothing is cancelled
  throw UserError(join(texts, "\n"), hint);
}

std::vector<Pusher::BlobJob> Pusher::blob_jobs(const std::vector<Plan>& plans) {
  std::map<Place, BlobJob> jobs;
  for (const Plan& plan : plans) {
    for (const auto& [digest, blob] : plan.blobs) {
      const Place place{plan.target->repository.host, digest};
      BlobJob& job = jobs.emplace(place, BlobJob{blob}).first->second;
      job.plans.push_back(&plan);
      job.is_config = job.is_config || plan.configs.contains(digest);
    }
  }
  std::vector<BlobJob> all;
  for (auto& [place, job] : jobs)
    all.push_back(std::move(job));
  // Configs, by which a push that died is known, and then the largest: the last to end is then a
  // small one.
  std::stable_sort(all.begin(), all.end(), [](const BlobJob& left, const BlobJob& right) {
    if (left.is_config != right.is_config) return left.is_config;
    return left.is_config ? left.blob.size < right.blob.size : left.blob.size > right.blob.size;
  });
  return all;
}

/// Of each repository where nothing seems to be the smallest config, before all else: how many
/// these are.
std::size_t Pusher::put_firsts_first(std::vector<BlobJob>& jobs) const {
  std::set<std::string> done = used_;
  for (BlobJob& job : jobs) {
    const PushTarget& target = *job.plans.front()->target;
    job.is_first = job.is_config && target.is_untagged && !target.is_below_only &&
                   done.insert(target.repository.repository()).second;
  }
  const auto others = std::stable_partition(jobs.begin(), jobs.end(),
                                            [](const BlobJob& job) { return job.is_first; });
  return static_cast<std::size_t>(others - jobs.begin());
}

void Pusher::push_blob(const BlobJob& job, const Begun& begun) {
  for (const Plan* plan : job.plans)
    push_blob_to(job, *plan, begun);
}

void Pusher::push_blob_to(const BlobJob& job, const Plan& plan, const Begun& begun) {
  const PushTarget& target = *plan.target;
  const std::string repository = target.repository.repository();
  const Place place{target.repository.host, job.blob.digest.to_string()};
  std::vector<oci::Reference> sources;
  UploadOptions how{options_.chunk_bytes, &stop_};
  {
    const std::lock_guard guard(mutex_);
    sources = known_[place];
    how.ask = !target.is_below_only && !bare_.contains(repository);
  }
  const auto is_target = [&](const oci::Reference& one) {
    return one.path == target.repository.path;
  };
  if (std::any_of(sources.begin(), sources.end(), is_target)) return;
  // What tells whether a push was here before is not mounted.
  const bool tells = job.is_first && &plan == job.plans.front();
  if (!tells) sources.insert(sources.end(), target.mount_from.begin(), target.mount_from.end());
  BlobStream stream(*target.source, job.blob);
  const Slot slot(slots_of(target.repository.host), options_.slots, {});
  if (tells) how.begun = begun.at(repository)->take();
  Upload upload(client_, target.repository, stream, how);
  const Arrival arrival = upload.run(sources);
  count(arrival, job.blob.size);
  const std::lock_guard guard(mutex_);
  known_[place].push_back(target.repository);
  if (tells && arrival == Arrival::uploaded) bare_.insert(repository);
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
