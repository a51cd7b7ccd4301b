FROM a${1}b${@}c$0d$#e$$f$
