# Parents first; tensorflow is promised for one platform only.
set(images "")
foreach(target IN ITEMS docker-stacks-foundation base-notebook scipy-notebook)
  list(APPEND images "${ROOT}/images/${target}/x86_64" "${ROOT}/images/${target}/aarch64")
endforeach()
list(APPEND images "${ROOT}/images/tensorflow-notebook/x86_64")
foreach(target IN ITEMS pytorch-notebook pytorch-notebook-cuda12)
  list(APPEND images "${ROOT}/images/${target}/x86_64" "${ROOT}/images/${target}/aarch64")
endforeach()
expect_words(jupyter.stack.json images ${images})

set(file images/docker-stacks-foundation/aarch64/build.json)
expect_json("${file}" "{\n  \"PYTHON_VERSION\" : \"3.12\"\n}" build_args)
expect_json("${file}" quay.io/jupyter/docker-stacks-foundation repository)
expect_json("${file}" weekly refresh)
expect_json("${file}" "${SOURCE}/images/docker-stacks-foundation" context)

set(file images/pytorch-notebook-cuda12/x86_64)
expect_json("${file}/build.json" "${SOURCE}/images/pytorch-notebook/cuda12/Dockerfile" dockerfile)
expect_json("${file}/build.json" scipy-notebook parents 0 target)
expect_names("${file}/inspect.json" probes ubuntu python lab pytorch)
expect_json("${file}/inspect.json" "VERSION_ID=\"(.+)\"" probes 0 match)
expect_json("${file}/inspect.json" "Version: ([^+]+)" probes 3 match)
expect_names("${file}/inspect.json" sections python)
expect_names("${file}/test.json" tests outdated pytest healthy)
expect_json("${file}/test.json" ON tests 0 report)
expect_words(
  "${file}/test.json" "tests;1;inputs"
  "${SOURCE}/tests/by_image/base-notebook" "${SOURCE}/tests/conftest.py" "${SOURCE}/tests/utils"
)
expect_json(jupyter.stack.json ubuntu-24.04-arm ci runners linux/arm64)
expect_json(
  jupyter.stack.json "https://github.com/jupyter/docker-stacks.wiki.git"
  history git
)
expect_steps(
  tensorflow-notebook
  "scan jupyter.stack.json" "build docker-stacks-foundation/x86_64" "build base-notebook/x86_64"
  "build scipy-notebook/x86_64" "build tensorflow-notebook/x86_64"
  "inspect tensorflow-notebook/x86_64"
)
