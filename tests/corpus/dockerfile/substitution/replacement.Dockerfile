ARG V=a-b-c
FROM ${V/-/.} AS one
FROM ${V//-/.} AS two
FROM ${V/b*/x} AS three
FROM ${V//[/x} AS four
COPY --from=one a b
COPY --from=two a b
COPY --from=three a b
