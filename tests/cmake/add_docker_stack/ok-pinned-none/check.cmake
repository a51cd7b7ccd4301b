# Even a day's tag moves where the stack says so.
expect_words(demo.release.json tags latest {date})
expect_words(demo.release.json pinned)
