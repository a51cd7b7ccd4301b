FROM debian:12
RUN --from=x a
