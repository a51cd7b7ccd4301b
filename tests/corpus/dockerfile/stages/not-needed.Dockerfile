FROM debian:12 AS a
FROM alpine:3 AS b
FROM busybox:1 AS c
COPY --from=a /x /y
