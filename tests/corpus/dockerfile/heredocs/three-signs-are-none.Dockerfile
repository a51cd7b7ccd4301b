FROM debian:12
RUN cat <<<EOF
RUN a<<EOF
