FROM debian:12
\
