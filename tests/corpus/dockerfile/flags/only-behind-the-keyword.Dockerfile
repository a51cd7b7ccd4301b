FROM debian:12
RUN a --network=none
COPY a --chown=x b
