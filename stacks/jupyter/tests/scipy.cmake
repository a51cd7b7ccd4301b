# Tests of scipy-notebook: the packages do what they are for.
foreach(
  package
  IN
  ITEMS bokeh cython matplotlib numpy pandas scipy
)
  add_docker_test(
    ${package}
    IMAGE scipy-notebook
    SCRIPT tests/units/scipy/${package}_works.py
    INTERPRETER python
  )
endforeach()
add_docker_test(
  matplotlib-font-cache
  IMAGE scipy-notebook
  SCRIPT tests/units/scipy/font_cache.py
  INTERPRETER python
)
add_docker_test(
  c-compiler
  IMAGE scipy-notebook
  COMMAND sh -ec "printf 'int main(void){return 42;}' | gcc -x c -o /tmp/a.out - && /tmp/a.out"
  EXPECT_EXIT 42
)
add_docker_test(
  plot-in-a-notebook
  IMAGE scipy-notebook
  SCRIPT tests/units/scipy/plot_in_notebook.py
  INTERPRETER python
)
