FROM debian:12
RUN --mount=from=alpine:3,target=/a --mount=type=cache,from=busybox:1,target=/b x
