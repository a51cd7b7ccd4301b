FROM debian:12
R[31mUN a
