ARG P
FROM --platform=$P debian:12
