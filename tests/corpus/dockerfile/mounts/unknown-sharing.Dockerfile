FROM debian:12
RUN --mount=type=cache,target=/c,sharing=all x
