FROM debian:12
RUN --mount=type=bind,tagret=/a x
