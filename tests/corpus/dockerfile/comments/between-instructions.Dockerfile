# one
FROM debian:12
  # two

	# three
RUN a
# four