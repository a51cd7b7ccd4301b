FROM debian:12
FROM 0
