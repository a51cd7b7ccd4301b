ARG A="a b" B='$A' C="1"
FROM debian:$C
