ARG V=a*b/c
FROM x${V#a\*} AS one
FROM x${V/\//.}
COPY --from=one a b
