FROM debian:12
RUN --security=none a
