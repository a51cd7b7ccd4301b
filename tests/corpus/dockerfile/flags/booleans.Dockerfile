FROM debian:12
COPY --link=TRUE --parents=false a b
