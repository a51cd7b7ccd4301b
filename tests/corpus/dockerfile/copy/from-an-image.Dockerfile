FROM debian:12
COPY --from=quay.io/a/b:1 /x /y
COPY --from="alpine:3" /x /y
