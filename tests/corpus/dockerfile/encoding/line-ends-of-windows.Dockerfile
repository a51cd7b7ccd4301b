# escape=`
FROM debian:12
RUN a `
  b

# c
CMD ["a"]
