expect_json(demo.stack.json https://example.org/demo.wiki.git history git)
