FROM later AS first
FROM debian:12 AS later
COPY --from=first /a /b
