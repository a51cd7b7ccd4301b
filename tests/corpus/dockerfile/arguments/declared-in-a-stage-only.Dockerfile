FROM debian:12 AS one
ARG BASE=alpine
FROM ${BASE:-debian}
