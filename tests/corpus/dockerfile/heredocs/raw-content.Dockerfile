FROM debian:12
RUN <<EOF
FROM alpine
\
EOF \
RUM
EOF
