FROM debian:12
RUN <<EOF
# kept

  # kept too \
EOF
