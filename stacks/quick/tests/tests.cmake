# Children inherit every test of their parent. No image here has a shell.
add_docker_test(
  version
  IMAGE quick-server-image
  COMMAND quick-server --version
  EXPECT_STDOUT "^quick-server ${quick_version}\n"
)
add_docker_test(
  usage
  IMAGE quick-server-image
  COMMAND quick-server --nonsense
  EXPECT_EXIT 2
  EXPECT_STDERR "^usage: quick-server"
)
add_docker_test(
  bad-port
  IMAGE quick-server-image
  COMMAND quick-server
  ENVIRONMENT QUICK_PORT=99999
  EXPECT_EXIT 1
  EXPECT_STDERR "expected a port from 1 to 65535, got '99999'"
)
add_docker_test(
  healthy
  IMAGE quick-server-image
  DETACHED
  WAIT_HEALTHY 30
  PORT 8080
  HTTP_GET /healthz
  EXPECT_STATUS 200
  EXPECT_BODY "^ok\n"
)
add_docker_test(
  missing-page
  IMAGE quick-server-image
  DETACHED
  WAIT_PORT 30
  PORT 8080
  HTTP_GET /data/..
  EXPECT_STATUS 404
  EXPECT_BODY "nothing at"
)
add_docker_test(
  structure
  IMAGE quick-server-image
  STRUCTURE tests/quick-server.yaml
)
add_docker_test(
  size
  IMAGE quick-server-image
  JUNIT {junit}
  HOST_COMMAND
    ${CMAKE_COMMAND}
    -D ENGINE=${CMAKE_BINARY_DIR}/cairn/engine.json
    -D REF={ref}
    -D BUDGET=4000000
    -D JUNIT={junit}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/tests/size.cmake
  INPUTS tests/size.cmake
)

add_docker_test(
  data
  IMAGE quick-data
  DETACHED
  WAIT_HEALTHY 30
  PORT 8080
  HTTP_GET /data/stones.txt
  EXPECT_STATUS 200
  EXPECT_BODY "^granite\nbasalt\nslate\n"
)
add_docker_test(data-structure IMAGE quick-data STRUCTURE tests/quick-data.yaml)

add_docker_test(
  greeting
  IMAGE quick-greeting
  DETACHED
  WAIT_HEALTHY 30
  PORT 8080
  HTTP_GET /
  EXPECT_STATUS 200
  EXPECT_BODY "^hello from quick-greeting\n"
)
add_docker_test(greeting-structure IMAGE quick-greeting STRUCTURE tests/quick-greeting.yaml)
