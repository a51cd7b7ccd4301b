FROM debian:12
# escape=`
RUN a \
  b
