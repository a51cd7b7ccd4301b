FROM debian:12
RUN ["a", "b c"]
CMD [ "a" , "\u00e9\n" ]
ENTRYPOINT ["/a"]
SHELL ["/bin/bash", "-c"]
VOLUME ["/a b"]
COPY ["a b", "c d/"]
ADD ["a b", "c"]
HEALTHCHECK CMD ["a"]
