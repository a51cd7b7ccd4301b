ARG A=1
ARG A=2
FROM debian:$A
