FROM debian:12
COPY *.txt ?a [a-c]d {e,f} ../g ./h/ . /i/
