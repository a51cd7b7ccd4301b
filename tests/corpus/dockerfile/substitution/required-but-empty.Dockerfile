ARG E=
FROM ${E:?}
