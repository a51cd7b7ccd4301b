# escape=`
FROM debian:12
RUN a `
  b
ENV x=`$y z=\n w="a`"b"
COPY C:\a\ /b
