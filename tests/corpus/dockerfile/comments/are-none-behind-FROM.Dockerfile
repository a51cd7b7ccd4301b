FROM debian:12 # the base
