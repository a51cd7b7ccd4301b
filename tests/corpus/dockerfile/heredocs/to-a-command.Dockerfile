FROM debian:12
RUN python3 <<EOF > /log
print(1)
EOF
