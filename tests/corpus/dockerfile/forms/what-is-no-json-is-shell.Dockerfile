FROM debian:12
RUN ['a', 'b']
RUN ["a" "b"]
RUN ["a"
RUN ["a",]
RUN [ -f x ]
RUN ["a"] b
CMD [a]
ENTRYPOINT ["a"]]
