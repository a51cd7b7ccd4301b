FROM debian:12
RUN echo "
ENV a="b
CMD echo '
