ARG A=1
FROM ${A#\a}
