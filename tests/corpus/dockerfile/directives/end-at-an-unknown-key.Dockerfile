# version=1
# escape=`
FROM debian:12
ENV path=C:\\x
