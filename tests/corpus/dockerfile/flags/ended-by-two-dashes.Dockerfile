FROM debian:12
RUN --network=none -- --network=host a
COPY -- --from=x b
