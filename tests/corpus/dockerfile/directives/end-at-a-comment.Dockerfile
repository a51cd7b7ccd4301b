# a comment
# escape=`
FROM debian:12 \
  AS base
