# syntax=docker/dockerfile:1.7 unused words
FROM debian:12
