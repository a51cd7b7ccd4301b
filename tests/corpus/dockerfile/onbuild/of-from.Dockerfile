FROM debian:12
ONBUILD FROM alpine
