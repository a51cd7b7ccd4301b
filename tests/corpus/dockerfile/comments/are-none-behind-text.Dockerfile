FROM debian:12
RUN a # b
ENV x=y#z
LABEL a=b #c=d
