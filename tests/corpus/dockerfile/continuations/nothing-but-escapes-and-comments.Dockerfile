FROM debian:12
\
# a

  \
