FROM debian:12
RUN --mount='type=bind,from=alpine:3,target=/a' --mount='type=bind,"source=a,b",target=/c' x
