FROM debian:12
RUN a \
# not this
  # nor this \
  b
