FROM debian:12 AS a-b_c.1
FROM a-b_c.1
