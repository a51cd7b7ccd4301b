FROM scratch AS a
FROM scratch
COPY --from=a /x /y
COPY --from=scratch /x /y
