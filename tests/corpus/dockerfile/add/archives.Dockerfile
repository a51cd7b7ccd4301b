FROM debian:12
ADD a.tar.xz /
ADD --unpack=true https://example.org/b.tar /b
