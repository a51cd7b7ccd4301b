FROM debian:12
COPY "a b" c
ADD 'a  b' c
VOLUME "/a b"
