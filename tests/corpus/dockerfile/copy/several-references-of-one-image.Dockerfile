FROM alpine:3
COPY --from=alpine:3 /a /b
