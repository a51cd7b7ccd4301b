ARG ROOT=own
FROM debian:12 AS own
FROM alpine:3 AS other
FROM $ROOT
