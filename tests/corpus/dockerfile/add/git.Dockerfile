FROM debian:12
ADD git@example.org:a/b.git#v1:dir /a
ADD --keep-git-dir=true https://example.org/c.git /c
ADD git://example.org/d /d
