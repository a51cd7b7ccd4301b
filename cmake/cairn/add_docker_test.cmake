#[=======================================================================[.rst:
add_docker_test
---------------

Declare a test of an image; the image's children and variants inherit it.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_test(<test> [REPORT] IMAGE <target> [TIMEOUT <seconds>]
    [INPUTS <path>...] [PLATFORMS <platform>...] [VARIANTS <variant>...]
    COMMAND <word>... [NO_WARNINGS] [TTY] [EXPECT_EXIT <status>] [EXPECT_STDOUT <regex>]
    [EXPECT_STDERR <regex>] [REJECT_STDOUT <regex>] [REJECT_STDERR <regex>]
    [ENVIRONMENT <name>=<value>...] [ENTRYPOINT <word>...] [USER <user>] [WORKING_DIR <folder>]
    [NETWORK <mode>] [RUN_FLAGS <flag>...])
  add_docker_test(<test> … DETACHED [WAIT_HEALTHY <seconds>] [WAIT_PORT <seconds>] [PORT <port>]
    [HTTP_GET <path>] [EXPECT_STATUS <status>] [EXPECT_BODY <regex>] [COMMAND <word>...] …)
  add_docker_test(<test> … HOST_COMMAND <word>... [JUNIT {junit}] [WORKING_DIR <folder>])
  add_docker_test(<test> … SCRIPT <file> [INTERPRETER <word>...] …)
  add_docker_test(<test> … STRUCTURE <file.yaml>)

``REPORT``
  Shown, but never fails anything.
``IMAGE``
  The image target.
``TIMEOUT``
  Seconds until the test is ended and failed; default 300.
``INPUTS``
  Files and folders that the test reads: edited, it runs again.
``PLATFORMS``, ``VARIANTS``
  Runs only there. The variant of an image without one is ``default``.
``COMMAND``
  Run in a fresh container. One string is one command line, split as a shell would.
``NO_WARNINGS``
  Fails when a line of the output begins with ``WARNING`` or ``ERROR``, colours aside.
``TTY``
  With a terminal.
``EXPECT_EXIT``
  The exit status; default 0.
``EXPECT_STDOUT``, ``EXPECT_STDERR``, ``REJECT_STDOUT``, ``REJECT_STDERR``
  ECMAScript regular expressions that must, or must not, be found.
``ENVIRONMENT``, ``ENTRYPOINT``, ``USER``, ``WORKING_DIR``, ``NETWORK``, ``RUN_FLAGS``
  How the container runs; ``ENTRYPOINT ""`` runs the command without the image's own.
``DETACHED``
  Starts the image as a service, waits, asks once, stops it. One of ``WAIT_HEALTHY``, ``WAIT_PORT``
  and ``HTTP_GET`` must be there.
``WAIT_HEALTHY``, ``WAIT_PORT``
  Seconds in which the image's health check passes, or ``PORT`` is open.
``PORT``, ``HTTP_GET``, ``EXPECT_STATUS``, ``EXPECT_BODY``
  The container's port; one request for a path from ``/`` on; its status, default 200; what its
  body must match.
``HOST_COMMAND``
  Run on this machine, with ``{ref} {image} {variant} {platform} {junit}`` replaced.
``JUNIT``
  ``{junit}``: the command writes a JUnit file there, whose cases become single results.
``SCRIPT``, ``INTERPRETER``
  A file of the source tree, run inside a fresh container by the interpreter; default ``sh``.
``STRUCTURE``
  A container-structure-test file.

Target properties written: ``CAIRN_TESTS`` of the image.

CTest: ``<target>.<test>``, with several platforms ``<target>.<arch>.<test>``; labels ``docker``,
the image's name, the architecture and the kind.

Errors: no such image; a test declared twice; none or several of the kinds; a keyword that does not
belong to the kind; a service of which nothing is checked; a bracket alone in an expression; a
keyword, also a misspelt one, swallowed by a command; a missing file.

.. code-block:: cmake

  add_docker_test(healthy IMAGE base-notebook DETACHED WAIT_HEALTHY 60
    HTTP_GET /api PORT 8888 EXPECT_STATUS 200)
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_test)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments(
    "test"
    "REPORT;NO_WARNINGS;TTY;DETACHED"
    "IMAGE;TIMEOUT;EXPECT_EXIT;EXPECT_STDOUT;EXPECT_STDERR;REJECT_STDOUT;REJECT_STDERR;USER;WORKING_DIR;NETWORK;WAIT_HEALTHY;WAIT_PORT;PORT;HTTP_GET;EXPECT_STATUS;EXPECT_BODY;JUNIT;SCRIPT;STRUCTURE"
    "INPUTS;PLATFORMS;VARIANTS;COMMAND;ENVIRONMENT;ENTRYPOINT;RUN_FLAGS;HOST_COMMAND;INTERPRETER"
    "IMAGE"
  )
  _cairn_require_word("test name" "${arg_test}")
  _cairn_require_image("${arg_IMAGE}")
  get_target_property(stack "${arg_IMAGE}" CAIRN_STACK)
  get_property(taken TARGET "${arg_IMAGE}" PROPERTY CAIRN_TESTS)
  if("${arg_IMAGE}/${arg_test}" IN_LIST taken)
    _cairn_fail(
      "test '${arg_test}' of image '${arg_IMAGE}' is declared twice"
      "Give one of them another name."
    )
  endif()
  _cairn_find_test_kind(kind)
  _cairn_check_test_keywords("${kind}")
  _cairn_test_json(json "${kind}")
  _cairn_keep_part("${stack}" TEST "${arg_IMAGE}/${arg_test}" "${json}")
  set(facts "${kind}" "${arg_TIMEOUT}")
  if(DEFINED arg_INPUTS)
    list(APPEND facts INPUTS)
  endif()
  set_property(
    TARGET "cairn::stack::${stack}"
    PROPERTY "CAIRN_TEST_FACTS_${arg_IMAGE}/${arg_test}" "${facts}"
  )
  set_property(TARGET "${arg_IMAGE}" APPEND PROPERTY CAIRN_TESTS "${arg_IMAGE}/${arg_test}")
endfunction()
