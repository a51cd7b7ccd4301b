ARG V=alpine
FROM debian:12
COPY --from=$V /a /b
