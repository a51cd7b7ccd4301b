# NB_USER and its relatives: who the command runs as, and what belongs to whom.
add_docker_test(
  user-default
  IMAGE docker-stacks-foundation
  COMMAND id
  NO_WARNINGS
  EXPECT_STDOUT "^uid=1000\\(jovyan\\) gid=100\\(users\\) groups=100\\(users\\)\n$"
)
add_docker_test(
  user-uid
  IMAGE docker-stacks-foundation
  COMMAND id
  USER root
  ENVIRONMENT NB_UID=1010
  NO_WARNINGS
  EXPECT_STDOUT "^uid=1010\\(jovyan\\) gid=100\\(users\\)"
)
add_docker_test(
  user-gid
  IMAGE docker-stacks-foundation
  COMMAND id
  USER root
  ENVIRONMENT NB_GID=110
  NO_WARNINGS
  EXPECT_STDOUT "^uid=1000\\(jovyan\\) gid=110\\(jovyan\\) groups=110\\(jovyan\\),100\\(users\\)"
)
add_docker_test(
  user-group
  IMAGE docker-stacks-foundation
  COMMAND id --group --name
  USER root
  ENVIRONMENT NB_GID=110 NB_GROUP=stones
  EXPECT_STDOUT "^stones\n$"
)
add_docker_test(
  user-name
  IMAGE docker-stacks-foundation
  COMMAND sh -c "whoami && pwd && echo $HOME $USER $LOGNAME"
  USER root
  ENVIRONMENT NB_USER=someone
  NO_WARNINGS
  EXPECT_STDOUT "^someone\n/home/someone\n/home/someone someone someone\n$"
)
add_docker_test(
  user-name-keeps-the-files
  IMAGE docker-stacks-foundation
  COMMAND stat --format "%n %U:%G" /home/someone/.bashrc
  USER root
  ENVIRONMENT NB_USER=someone
  EXPECT_STDOUT "^/home/someone/.bashrc someone:users\n$"
)
add_docker_test(
  user-all-at-once
  IMAGE docker-stacks-foundation
  COMMAND sh -c "id -u && id -g && id -un && touch ~/file && stat --format %U:%g ~/file"
  USER root
  ENVIRONMENT NB_USER=someone NB_UID=1234 NB_GID=5678
  EXPECT_STDOUT "^1234\n5678\nsomeone\nsomeone:"
)
add_docker_test(
  user-name-needs-root
  IMAGE docker-stacks-foundation
  COMMAND whoami
  ENVIRONMENT NB_USER=someone
  EXPECT_STDOUT "^jovyan\n"
  EXPECT_STDERR "WARNING: start\\.sh: NB_USER=someone needs a container started as root"
)
add_docker_test(
  user-numbers-need-root
  IMAGE docker-stacks-foundation
  COMMAND id -u
  ENVIRONMENT NB_UID=1010 NB_GID=110
  EXPECT_STDOUT "^1000\n"
  EXPECT_STDERR "NB_UID=1010 needs .*\n.*NB_GID=110 needs "
)
add_docker_test(
  user-root
  IMAGE docker-stacks-foundation
  COMMAND sh -c "whoami && echo $HOME"
  USER root
  ENVIRONMENT NB_USER=root NB_UID=0 NB_GID=0
  NO_WARNINGS
  EXPECT_STDOUT "^root\n/root\n$"
)
add_docker_test(
  user-environment-survives
  IMAGE docker-stacks-foundation
  COMMAND sh -c "echo $STONE && command -v python"
  USER root
  ENVIRONMENT "STONE=grey granite"
  EXPECT_STDOUT "^grey granite\n/opt/venv/bin/python\n$"
)

add_docker_test(
  arbitrary-uid
  IMAGE docker-stacks-foundation
  COMMAND sh -c "id -u && whoami"
  USER 1234:0
  EXPECT_STDOUT "^1234\njovyan\n$"
)
add_docker_test(
  arbitrary-uid-without-group
  IMAGE docker-stacks-foundation
  COMMAND id -u
  USER 1234:1234
  EXPECT_STDOUT "^1234\n$"
  EXPECT_STDERR "WARNING: start\\.sh: uid 1234 has no name here"
)
add_docker_test(
  arbitrary-uid-in-users
  IMAGE docker-stacks-foundation
  COMMAND sh -c "touch ~/file /opt/venv/file && echo written"
  USER 1234:0
  RUN_FLAGS --group-add=100
  NO_WARNINGS
  EXPECT_STDOUT "^written\n$"
)
add_docker_test(
  home-not-writable
  IMAGE docker-stacks-foundation
  COMMAND true
  USER 1234:0
  EXPECT_STDERR "WARNING: start\\.sh: '/home/jovyan' cannot be written: try to start with --group-add 100"
)

add_docker_test(
  sudo-granted
  IMAGE docker-stacks-foundation
  COMMAND sudo --non-interactive id -u
  USER root
  ENVIRONMENT GRANT_SUDO=yes
  EXPECT_STDOUT "^0\n$"
)
add_docker_test(
  sudo-granted-to-a-renamed-user
  IMAGE docker-stacks-foundation
  COMMAND sudo --non-interactive id -u
  USER root
  ENVIRONMENT GRANT_SUDO=1 NB_USER=someone
  EXPECT_STDOUT "^0\n$"
)
add_docker_test(
  sudo-keeps-the-path
  IMAGE docker-stacks-foundation
  COMMAND sudo --non-interactive which python
  USER root
  ENVIRONMENT GRANT_SUDO=yes
  EXPECT_STDOUT "^/opt/venv/bin/python\n$"
)
add_docker_test(
  sudo-refused
  IMAGE docker-stacks-foundation
  COMMAND sudo --non-interactive true
  USER root
  EXPECT_EXIT 1
  EXPECT_STDERR "password is required"
)

add_docker_test(
  chown-home
  IMAGE docker-stacks-foundation
  COMMAND stat --format %u:%g /home/jovyan
  USER root
  ENVIRONMENT CHOWN_HOME=yes
  RUN_FLAGS --tmpfs=/home/jovyan
  EXPECT_STDOUT "^1000:100\n$"
)
add_docker_test(
  chown-home-needs-root
  IMAGE docker-stacks-foundation
  COMMAND true
  ENVIRONMENT CHOWN_HOME=yes
  EXPECT_STDERR "WARNING: start\\.sh: CHOWN_HOME needs a container started as root"
)
add_docker_test(
  chown-home-options
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/chown_home.sh
  INTERPRETER bash
  USER root
  ENTRYPOINT ""
)
add_docker_test(
  chown-extra
  IMAGE docker-stacks-foundation
  COMMAND stat --format %u:%g /srv /mnt
  USER root
  ENVIRONMENT NB_UID=1010 NB_GID=101 CHOWN_EXTRA=/srv,/mnt CHOWN_EXTRA_OPTS=-R
  EXPECT_STDOUT "^1010:101\n1010:101\n$"
)

add_docker_test(
  variables-unset
  IMAGE docker-stacks-foundation
  COMMAND env
  ENVIRONMENT JUPYTER_ENV_VARS_TO_UNSET=FIRST,SECOND FIRST=1 SECOND=2 THIRD=3
  EXPECT_STDOUT "THIRD=3"
  REJECT_STDOUT "FIRST|SECOND"
)
add_docker_test(
  variables-unset-as-root
  IMAGE docker-stacks-foundation
  COMMAND env
  USER root
  ENVIRONMENT JUPYTER_ENV_VARS_TO_UNSET=FIRST,SECOND FIRST=1 SECOND=2 THIRD=3
  EXPECT_STDOUT "THIRD=3"
  REJECT_STDOUT "FIRST|SECOND"
)
add_docker_test(
  umask
  IMAGE docker-stacks-foundation
  COMMAND sh -c umask
  ENVIRONMENT NB_UMASK=002
  EXPECT_STDOUT "^0002\n$"
)
add_docker_test(
  umask-as-root
  IMAGE docker-stacks-foundation
  COMMAND sh -c umask
  USER root
  ENVIRONMENT NB_UMASK=077
  EXPECT_STDOUT "^0077\n$"
)
