FROM debian:12
RUN --mount=type=bnid,target=/a x
