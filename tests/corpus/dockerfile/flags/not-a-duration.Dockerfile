FROM debian:12
HEALTHCHECK --interval=soon CMD a
