# In the order of the calls; words stay whole.
expect_names(demo.release.json hooks sbom sign)
expect_words(
  demo.release.json "hooks;0;command"
  syft scan {ref} --output "spdx-json=${BUILD}/{digest}.json"
)
expect_json(demo.release.json "note=a;b [c]" hooks 1 command 4)
expect_json(demo.release.json "{ref}" hooks 1 command 5)
