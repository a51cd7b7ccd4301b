FROM debian:12
COPY <<EOF /empty
EOF
