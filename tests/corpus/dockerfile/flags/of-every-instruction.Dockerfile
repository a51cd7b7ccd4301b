FROM --platform=linux/amd64 debian:12
RUN --network=none --security=sandbox --device=x --mount=type=tmpfs,target=/t a
COPY --from=alpine --chown=1:2 --chmod=u+x --link --parents --exclude=a --exclude=b s d
ADD --keep-git-dir --checksum=sha256:0123 --unpack=false --link=true --chown=a --chmod=644 --exclude=c s d
HEALTHCHECK --interval=30s --timeout=1m30s --start-period=0 --start-interval=1.5s --retries=3 CMD a
