FROM debian:12
RUN echo $((1 << 2)) $((1<<3))
RUN echo 1 <<
