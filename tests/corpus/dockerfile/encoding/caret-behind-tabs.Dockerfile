FROM debian:12
	COPY	--fom=y a b
