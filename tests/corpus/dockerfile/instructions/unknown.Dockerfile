FROM debian:12
COYP a b
