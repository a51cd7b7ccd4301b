FROM debian:12 as Base
FROM BASE AS second
COPY --from=bAsE /a /b
