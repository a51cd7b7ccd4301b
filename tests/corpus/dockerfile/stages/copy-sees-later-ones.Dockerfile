FROM debian:12 AS first
COPY --from=later /a /b
FROM alpine:3 AS later
