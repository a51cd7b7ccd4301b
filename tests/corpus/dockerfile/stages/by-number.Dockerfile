FROM debian:12
FROM alpine:3
COPY --from=0 /a /b
RUN --mount=from=0,target=/t a
