ARG V=1
FROM debian:$V
ARG V
ARG W=$V X
RUN echo $V
