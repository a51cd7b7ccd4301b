FROM debian:12
ADD https://example.org/a.tar.gz http://example.org/b /x/
ADD --checksum=sha256:00 https://example.org/c /c
