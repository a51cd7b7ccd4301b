# A variant has what its image has, unless it says its own.
read_members(skews demo.release.json images skew)
expect_equal("what skewed tags do" "${skews}" "partial;partial;withhold")
read_members(probes demo.release.json images latest_by)
expect_equal("what says which is newer" "${probes}" "tool;tool;python")
expect_json(demo.release.json debug images 1 variant)
expect_json(demo.release.json base-other images 2 target)
