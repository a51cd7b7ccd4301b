FROM debian:12
ONBUILD COPY --chwon=1 a b
