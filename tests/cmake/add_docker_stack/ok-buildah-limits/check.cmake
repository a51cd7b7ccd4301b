set(ROOT "${BUILD}/cairn")
expect_words(
  engine.json
  build_flags
  --isolation
  chroot
  --ulimit
  nofile=1024:1024
  --ulimit
  nproc=1000:1000
)
expect_words(engine.json run_flags --isolation chroot)
