FROM debian:12
LABEL maintainer="Jürgen — 漢"
RUN echo é x
