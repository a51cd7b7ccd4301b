# escape=`
FROM debian:12
COPY --chown=a\ b s d
