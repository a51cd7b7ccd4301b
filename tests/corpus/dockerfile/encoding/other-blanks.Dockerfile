FROM	debian:12AS	a
COPY	ab
