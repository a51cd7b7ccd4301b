if(EXISTS "${BUILD}/cairn/engine.json")
  fail("no engine is known" "" "engine.json")
endif()
if(
  NOT
    output
      MATCHES
      "-- No container engine answers; image targets will not build.\n--   Looked for 'auto': no such program is on PATH.\n"
)
  fail("it must say that there is no engine" "" "")
endif()
