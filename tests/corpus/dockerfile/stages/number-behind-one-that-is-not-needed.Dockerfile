FROM debian:12
FROM alpine:3
FROM busybox:1
COPY --from=1 /a /b
RUN --mount=from=1,target=/t --mount=type=cache,from=1,target=/c x
