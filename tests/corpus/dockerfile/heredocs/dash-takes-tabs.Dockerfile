FROM debian:12
RUN <<-EOF
		a
	 b
	EOF
