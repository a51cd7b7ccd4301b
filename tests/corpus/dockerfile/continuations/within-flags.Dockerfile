FROM debian:12
COPY --chown=a \
  --link \
  b c
