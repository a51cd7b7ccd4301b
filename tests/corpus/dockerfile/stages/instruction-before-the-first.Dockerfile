RUN a
FROM debian:12
