ARG S=s
FROM ${S:?missing}-${S?}
