ARG V=1
FROM debian:\$V AS one
FROM "debian:$V" AS two
FROM 'debian:$V' AS three
COPY --from=one /a /b
COPY --from=two /a /b
