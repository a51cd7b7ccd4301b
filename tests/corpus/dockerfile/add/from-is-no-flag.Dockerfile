FROM debian:12
ADD --from=alpine /a /b
