ARG A=1
ARG A=$A.2
FROM debian:$A
