FROM debian:12
RUN ["cat", "<<EOF"]
CMD cat <<EOF
ENV a="<<EOF"
