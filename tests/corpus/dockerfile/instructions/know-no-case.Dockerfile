from debian:12 as a
rUn a
HealthCheck none
healthcheck cmd a
