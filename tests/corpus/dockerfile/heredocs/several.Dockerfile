FROM debian:12
COPY <<ONE <<'TWO' /dir/
first
TWO
ONE
second
TWO
