FROM debian AS debian
FROM debian
