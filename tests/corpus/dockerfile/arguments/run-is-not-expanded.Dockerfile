ARG A=1
FROM debian:12
ARG A
RUN echo $A "$A"
CMD $A
ENTRYPOINT ["$A"]
ENV B=$A
COPY $A /b
