FROM debian:12
ARG T=/t
RUN --mount=type=cache,target=$T,sharing=$S x
