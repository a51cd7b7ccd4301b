FROM debian:12
ONBUILD COPY . /app
onbuild run a  b
ONBUILD ADD --chown=1 x y
ONBUILD ENV a=b
