FROM debian:12
RUN cat << EOF
a
EOF
RUN cat <<	EOF
b
EOF
