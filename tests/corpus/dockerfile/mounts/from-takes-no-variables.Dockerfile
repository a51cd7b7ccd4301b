ARG V=alpine
FROM debian:12
RUN --mount=from=$V,target=/a x
