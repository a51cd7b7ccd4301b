find_program(ninja NAMES ninja REQUIRED)
list(
  APPEND options
  -DCAIRN_ENGINE_FILE=
  -DCAIRN_ENGINE=docker
  -DCAIRN_DOCKER_BUILDER=legacy
  "-DCAIRN_CA_BUNDLE=${SUPPORT}/engine.json"
  "-DCMAKE_MAKE_PROGRAM=${ninja}"
  -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF
)
# Beside WORK, which is made anew before the first run.
set(programs "${WORK}-programs")
set(environment "PATH=${programs}")

# A docker of that version whose daemon answers.
function(install_docker version)
  file(
    WRITE "${programs}/docker"
    "#!/bin/sh
case \"$*\" in
--version) echo 'Docker version ${version}, build 0' ;;
'context inspect'*) echo unix:///run/docker.sock ;;
*info*) echo 'ID /var/lib/docker' ;;
*) exit 1 ;;
esac
"
  )
  file(CHMOD "${programs}/docker" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endfunction()
install_docker(20.10.24+dfsg1)
