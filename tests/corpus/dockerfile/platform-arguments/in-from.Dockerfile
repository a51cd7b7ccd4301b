FROM --platform=$BUILDPLATFORM tools:1 AS tools
FROM base-$TARGETARCH$TARGETVARIANT
COPY --from=tools /a /b
