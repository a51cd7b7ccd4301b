expect_words(demo.release.json plain_http registry.example:5000 other.example)
expect_json(demo.release.json "${CMAKE_CURRENT_LIST_DIR}/options.cmake" ca_bundle)
