FROM debian:12
RUN --mount=src=a,dst=/a,ro --mount=TYPE=Bind,Source=a,Destination=/b,rw --mount=source=a,target=/c,readonly=false,readwrite x
