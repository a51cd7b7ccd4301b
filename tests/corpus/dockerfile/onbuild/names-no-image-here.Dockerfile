FROM debian:12
ONBUILD COPY --from=alpine /a /b
ONBUILD RUN --mount=from=alpine,target=/t a
