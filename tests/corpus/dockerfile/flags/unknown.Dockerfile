FROM debian:12
COPY --form=x a b
