FR\
OM debian:12
RU\
N a
