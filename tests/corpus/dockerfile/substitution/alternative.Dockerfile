ARG E=
ARG S=s
FROM ${S:+w}-${U:+w}-${E:+w}x AS one
FROM ${S+w}-${U+w}-${E+w}x AS two
COPY --from=one a b
