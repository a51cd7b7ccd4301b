ARG A="a b"
ARG T=1
FROM "x:$T"'y'
