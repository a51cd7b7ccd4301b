FROM debian:12
RUN echo "<<EOF" '<<EOF' \<<EOF
