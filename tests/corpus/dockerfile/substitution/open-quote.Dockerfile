FROM "debian:12
