list(
  APPEND options
  -DCAIRN_REGISTRY=mirror.example
  -DCAIRN_OWNER=team
  -DCAIRN_STORE=/nowhere/store
  "-DCAIRN_BUILD_FLAGS=--squash '--memory=4 g'"
  -DCAIRN_BUILD_SLOTS=5
  -DCAIRN_KEEP_IMAGES=3
)
