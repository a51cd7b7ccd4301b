FROM debian:12
COPY --link --parents --exclude=*.md --exclude=**/t --chmod=0644 --chown=a:b src/./x src/y dest/
