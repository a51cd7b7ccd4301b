FROM debian:12
COPY --chown=a --link --chown=b c d
