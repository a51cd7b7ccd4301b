# What add_docker_stack is given of releases, checked.
include_guard(GLOBAL)

# _cairn_check_release_values(): completes the caller's keywords of releases; PINNED has those of
# RELEASE_TAGS that never move.
function(_cairn_check_release_values)
  foreach(keyword IN ITEMS RELEASE_TAGS ANCHOR_TAGS)
    foreach(tag IN LISTS arg_${keyword})
      _cairn_check_release_tag("${tag}")
      if(tag STREQUAL "cairn-release")
        _cairn_fail(
          "'${tag}' in '${keyword}' is the tag of the release document"
          "Write another one."
        )
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES arg_RELEASE_TAGS)
  foreach(tag IN LISTS arg_ANCHOR_TAGS)
    if(tag STREQUAL "latest" OR tag IN_LIST arg_RELEASE_TAGS)
      _cairn_fail(
        "'${tag}' in 'ANCHOR_TAGS' is a tag of the release, and would move before all others"
        "Write one that is nothing else: ANCHOR_TAGS staging-{commit}"
      )
    endif()
  endforeach()
  _cairn_check_pinned()
  if(DEFINED arg_PINNED_SUFFIX AND NOT arg_PINNED_SUFFIX MATCHES "^[A-Za-z0-9_.-]*{n}$")
    _cairn_fail(
      "invalid PINNED_SUFFIX '${arg_PINNED_SUFFIX}'"
      "Expected what is put behind a pinned tag that is taken, with its number: PINNED_SUFFIX .{n}"
    )
  endif()
  if(DEFINED arg_MEDIA_TYPES)
    _cairn_check_choice(arg_MEDIA_TYPES oci docker)
  endif()
  _cairn_check_destinations(${arg_DESTINATIONS})
  return(PROPAGATE arg_RELEASE_TAGS arg_PINNED)
endfunction()

# A template of a tag: the grammar, and names that a release knows.
function(_cairn_check_release_tag tag)
  _cairn_check_tag("release tag" "${tag}")
  string(REGEX MATCHALL "{[^}]*}" names "${tag}")
  foreach(name IN LISTS names)
    _cairn_check_placeholder(
      "release tag" "${tag}" "${name}"
      "commit(:([1-9]|[123][0-9]|40))?|date|time|version|major|minor|patch"
      release
      "{commit} {commit:<1 to 40>} {date} {time} {version} {major} {minor} {patch}"
    )
    if(name MATCHES "version|major|minor|patch" AND "${PROJECT_VERSION}" STREQUAL "")
      _cairn_fail(
        "release tag '${tag}' asks for '${name}', and the project has no version"
        "Write: project(${PROJECT_NAME} VERSION 1.0.0)"
      )
    endif()
  endforeach()
endfunction()

# The caller's PINNED: by default what names one commit, day or version for good.
function(_cairn_check_pinned)
  _cairn_code_characters()
  if(NOT DEFINED arg_PINNED)
    set(arg_PINNED "${arg_RELEASE_TAGS}")
    list(FILTER arg_PINNED INCLUDE REGEX "{(commit|date|version)")
  elseif(arg_PINNED STREQUAL empty)
    set(arg_PINNED "")
  endif()
  foreach(tag IN LISTS arg_PINNED)
    if(NOT tag IN_LIST arg_RELEASE_TAGS)
      list(JOIN arg_RELEASE_TAGS " " tags)
      _cairn_fail("'${tag}' in 'PINNED' is none of RELEASE_TAGS" "RELEASE_TAGS has: ${tags}")
    endif()
    if(tag STREQUAL "latest")
      _cairn_fail("'latest' in 'PINNED' could never move" "Leave it out, or write another tag.")
    endif()
  endforeach()
  return(PROPAGATE arg_PINNED)
endfunction()

# _cairn_check_destinations(<destination>...): registries, with or without a path, and layouts.
function(_cairn_check_destinations)
  foreach(destination IN LISTS ARGN)
    if(destination MATCHES "^oci:")
      if(NOT destination MATCHES "^oci:/.")
        _cairn_fail(
          "destination '${destination}' names no absolute folder"
          "Write: oci:<absolute folder>"
        )
      endif()
    elseif(NOT destination MATCHES "^[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$")
      _cairn_fail(
        "invalid destination '${destination}'"
        "Expected the form of 'quay.io', 'registry.example:5000/mirror' or 'oci:/a/folder'."
      )
    endif()
  endforeach()
endfunction()

# _cairn_find_root_repository(<out> <stack>): the declared name of the repository that keeps the
# release document. Reads the caller's `front`, `released` (targets, parents first) and `targets`.
function(_cairn_find_root_repository out stack)
  _cairn_stack_property(root "${stack}" ROOT)
  if("${root}" STREQUAL "")
    list(GET released 0 root)
  elseif(NOT root IN_LIST released)
    list(APPEND CMAKE_MESSAGE_CONTEXT "add_docker_stack")
    list(JOIN released " " names)
    set(problem "is no image of it")
    if(root IN_LIST targets)
      set(problem "is never published")
    endif()
    _cairn_fail("ROOT '${root}' of stack '${stack}' ${problem}" "Published are: ${names}")
  endif()
  get_property(image TARGET "${root}" PROPERTY CAIRN_IMAGE)
  set(${out} "${front}${image}" PARENT_SCOPE)
endfunction()
