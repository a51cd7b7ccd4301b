FROM debian:12
COPY --chown=é漢 --fom=y a b
