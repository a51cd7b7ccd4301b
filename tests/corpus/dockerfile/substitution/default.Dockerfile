ARG E=
ARG S=s
FROM ${S:-w}-${U:-w}-${E:-w} AS one
FROM x${S-w}-${U-w}-${E-w} AS two
COPY --from=one a b
