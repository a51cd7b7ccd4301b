# Tests of minimal-notebook and its children: tools of the shell, and notebooks converted.
add_docker_test(
  tools
  IMAGE minimal-notebook
  COMMAND sh -ec "for tool in curl git less nano ssh unzip vi; do command -v $tool; done"
  EXPECT_STDOUT "/usr/bin/curl\n/usr/bin/git\n"
)
add_docker_test(
  git-commits
  IMAGE minimal-notebook
  SCRIPT tests/units/minimal/git.sh
  INTERPRETER bash
)
foreach(format IN ITEMS html markdown notebook)
  add_docker_test(
    nbconvert-${format}
    IMAGE minimal-notebook
    SCRIPT tests/units/minimal/nbconvert.py
    INTERPRETER python
    ENVIRONMENT FORMAT=${format}
  )
endforeach()
add_docker_test(
  nbconvert-reports-errors
  IMAGE minimal-notebook
  SCRIPT tests/units/minimal/nbconvert_error.py
  INTERPRETER python
)
