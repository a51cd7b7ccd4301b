ARG A=a
FROM ${X:-${Y:-$A}}-${A:+${A}b}
