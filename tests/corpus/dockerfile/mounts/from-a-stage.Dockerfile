FROM debian:12 AS tools
FROM alpine:3
RUN --mount=type=bind,from=Tools,source=/x,target=/y a
