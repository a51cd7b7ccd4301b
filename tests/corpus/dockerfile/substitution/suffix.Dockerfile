ARG V=a-b-c
FROM ${V%-*} AS one
FROM ${V%%-*} AS two
FROM ${V%x} AS three
FROM ${V%-?} AS four
COPY --from=one a b
COPY --from=two a b
COPY --from=three a b
