ARG A=1
FROM x$A.y-$A_-z${A}_
