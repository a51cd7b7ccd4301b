FROM debian:12 AS a
COPY --from=b /x /y
FROM a AS b
