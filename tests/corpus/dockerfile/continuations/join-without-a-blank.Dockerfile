FROM deb\
ian:12
RUN a\
b\
  c
