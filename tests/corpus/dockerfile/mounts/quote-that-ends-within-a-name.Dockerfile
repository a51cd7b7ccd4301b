FROM debian:12
RUN --mount='type=bind,from=al'pine,target=/t x
