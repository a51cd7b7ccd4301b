# Tests of base-notebook and its children: the servers and how they are started.

# --- which command is started --------------------------------------------------------------------
add_docker_test(
  start-lab-by-default
  IMAGE base-notebook
  COMMAND start-notebook.py --version
  EXPECT_STDOUT "^4\\.[0-9]+\\.[0-9]+\n"
  EXPECT_STDERR "INFO: start-notebook\\.py: starting: jupyter lab --version"
)
add_docker_test(
  start-command-by-variable
  IMAGE base-notebook
  COMMAND start-notebook.py --version
  ENVIRONMENT DOCKER_STACKS_JUPYTER_CMD=notebook
  EXPECT_STDOUT "^7\\.[0-9]+\\.[0-9]+\n"
  EXPECT_STDERR "starting: jupyter notebook --version"
)
add_docker_test(
  start-by-the-older-name
  IMAGE base-notebook
  COMMAND start-notebook.sh --version
  ENVIRONMENT DOCKER_STACKS_JUPYTER_CMD=server
  EXPECT_STDOUT "^2\\.[0-9]+\\.[0-9]+\n"
  EXPECT_STDERR "starting: jupyter server --version"
)
add_docker_test(
  start-in-a-hub
  IMAGE base-notebook
  COMMAND start-notebook.py --version
  ENVIRONMENT JUPYTERHUB_API_TOKEN=token
  EXPECT_STDERR "start-singleuser\\.py: starting: jupyterhub-singleuser --ip=0\\.0\\.0\\.0 --version"
)
add_docker_test(
  start-in-a-hub-with-an-address
  IMAGE base-notebook
  COMMAND start-singleuser.sh --version
  ENVIRONMENT NOTEBOOK_ARGS=--ip=127.0.0.1
  EXPECT_STDERR "starting: jupyterhub-singleuser --ip=127\\.0\\.0\\.1 --version"
  REJECT_STDERR "0\\.0\\.0\\.0"
)
add_docker_test(
  start-arguments-by-variable
  IMAGE base-notebook
  COMMAND start-notebook.py --version
  ENVIRONMENT "NOTEBOOK_ARGS=--ServerApp.shutdown_no_activity_timeout=1 --config='a b.py'"
  EXPECT_STDERR "jupyter lab --ServerApp\\.shutdown_no_activity_timeout=1 '--config=a b\\.py' --version"
)
add_docker_test(
  start-quiet
  IMAGE base-notebook
  COMMAND start-notebook.py --version
  ENVIRONMENT JUPYTER_DOCKER_STACKS_QUIET=1
  REJECT_STDERR INFO
)
add_docker_test(
  start-again
  IMAGE base-notebook
  SCRIPT tests/units/base/restart.py
  INTERPRETER python3
)
add_docker_test(
  hub-single-user-server
  IMAGE base-notebook
  SCRIPT tests/units/base/single_user.py
  INTERPRETER python3
  TIMEOUT 120
)

# --- the server under its health check -----------------------------------------------------------
# healthy(<name> <path> [more keywords]): the server becomes healthy and answers at `path`.
function(healthy name path)
  add_docker_test(
    healthy-${name}
    IMAGE base-notebook
    DETACHED
    WAIT_HEALTHY 90
    HTTP_GET ${path}
    EXPECT_STATUS 200
    EXPECT_BODY [["version": *"[0-9.]+"]]
    ${ARGN}
  )
endfunction()
healthy(default /api PORT 8888)
healthy(lab /api PORT 8888 COMMAND jupyter lab)
healthy(notebook /api PORT 8888 ENVIRONMENT DOCKER_STACKS_JUPYTER_CMD=notebook)
healthy(nbclassic /api PORT 8888 ENVIRONMENT DOCKER_STACKS_JUPYTER_CMD=nbclassic)
healthy(server /api PORT 8888 COMMAND jupyter server)
healthy(restartable /api PORT 8888 ENVIRONMENT RESTARTABLE=yes)
healthy(port-by-variable /api PORT 8899 ENVIRONMENT JUPYTER_PORT=8899)
healthy(port-by-argument /api PORT 8898 COMMAND start-notebook.py --ServerApp.port=8898)
healthy(base-url /stones/api PORT 8888 COMMAND start-notebook.py --ServerApp.base_url=/stones)
healthy(base-url-by-variable /slate/api PORT 8888
  ENVIRONMENT NOTEBOOK_ARGS=--ServerApp.base_url=/slate
)
healthy(behind-a-proxy /api PORT 8888
  ENVIRONMENT http_proxy=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9
)
healthy(other-user /api PORT 8888 USER root ENVIRONMENT NB_USER=someone NB_UID=1010 CHOWN_HOME=yes)
healthy(arbitrary-uid /api PORT 8888 USER 1234:0 RUN_FLAGS --group-add=100)
add_docker_test(
  healthy-with-a-certificate
  IMAGE base-notebook
  DETACHED
  WAIT_HEALTHY 90
  ENVIRONMENT GEN_CERT=yes
)
add_docker_test(
  unhealthy-without-a-server
  IMAGE base-notebook
  COMMAND healthcheck.py
  EXPECT_EXIT 1
  EXPECT_STDOUT "^unhealthy: no running server known in /home/jovyan/"
)
add_docker_test(
  unhealthy-servers
  IMAGE base-notebook
  SCRIPT tests/units/base/unhealthy.py
  INTERPRETER python3
)
add_docker_test(
  certificate
  IMAGE base-notebook
  SCRIPT tests/units/base/certificate.py
  INTERPRETER python3
)
add_docker_test(
  listens-on-ipv4-and-ipv6
  IMAGE base-notebook
  SCRIPT tests/units/base/addresses.py
  INTERPRETER python3
)
add_docker_test(
  login-page
  IMAGE base-notebook
  DETACHED
  WAIT_PORT 60
  PORT 8888
  HTTP_GET /login
  EXPECT_STATUS 200
  EXPECT_BODY "<title>Jupyter Server</title>"
)
add_docker_test(
  token-is-asked-for
  IMAGE base-notebook
  DETACHED
  WAIT_PORT 60
  PORT 8888
  HTTP_GET /api/contents
  EXPECT_STATUS 403
  EXPECT_BODY Forbidden
)

# --- what is installed ---------------------------------------------------------------------------
add_docker_test(
  kernelspecs
  IMAGE base-notebook
  COMMAND jupyter kernelspec list
  EXPECT_STDOUT "python3 +/opt/venv/share/jupyter/kernels/python3"
)
add_docker_test(
  lab-extensions
  IMAGE base-notebook
  SCRIPT tests/units/base/extensions.py
  INTERPRETER python3
)
add_docker_test(
  kernel-computes
  IMAGE base-notebook
  SCRIPT tests/units/base/kernel.py
  INTERPRETER python
)
add_docker_test(
  base-structure
  IMAGE base-notebook
  STRUCTURE tests/base-notebook.yaml
)
