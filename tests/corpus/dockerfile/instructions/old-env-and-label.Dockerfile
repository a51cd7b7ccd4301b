FROM debian:12
ENV a b  c
ENV d "e f"
LABEL a b=c
