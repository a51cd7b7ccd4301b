FROM debian:12
RUN <<EOF
apt-get update
  echo $HOME
EOF
RUN a
