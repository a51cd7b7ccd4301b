FROM debian:12
RUN --mount=type=bind,source=a,target=/a --mount=type=cache,target=/c,sharing=locked,id=x,uid=1,gid=2,mode=0755 --mount=type=tmpfs,target=/t,size=1m --mount=type=secret,id=s,env=TOKEN,required=true --mount=type=ssh,required x
