#ESCAPE =`
#	Syntax	= docker/dockerfile:1  
# check=skip=all
FROM debian:12 `
  AS base
