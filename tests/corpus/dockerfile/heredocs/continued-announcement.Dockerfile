FROM debian:12
RUN a <<EOF \
  && b
c
EOF
