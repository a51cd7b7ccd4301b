FROM debian:12
ENV a=b\ c d=e
LABEL a\ b=c
COPY a\ b c
