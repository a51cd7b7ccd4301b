FROM debian:12 AS all
MAINTAINER J. Doe <j@example.org>
ARG a b=c
ENV a=b c="d e"
LABEL a=b "c d"=e
EXPOSE 80 90/udp 100-110/tcp
VOLUME /a /b
USER a:b
WORKDIR /a b
STOPSIGNAL SIGTERM
SHELL ["/bin/sh", "-c"]
RUN a
COPY a b
ADD a b
CMD a
ENTRYPOINT a
HEALTHCHECK NONE
ONBUILD RUN a
