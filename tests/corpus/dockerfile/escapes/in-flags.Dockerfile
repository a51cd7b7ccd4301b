FROM debian:12
COPY --chown="a b" --chmod=7\55 --exclude='x y' s d
