FROM debian:12
COPY <<'EOF' /a
$x
EOF
COPY <<"EOF" /b
$x
EOF
COPY <<E"O"F /c
$x
EOF
COPY <<E\OF /d
$x
EOF
