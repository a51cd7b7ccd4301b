"""Linear algebra and Fourier transforms of some size agree with themselves."""

import numpy as np

generator = np.random.default_rng(7)
matrix = generator.standard_normal((200, 200))
vector = generator.standard_normal(200)
assert np.allclose(matrix @ np.linalg.solve(matrix, vector), vector)
assert np.allclose(np.fft.ifft(np.fft.fft(vector)).real, vector)
assert not np.allclose(np.fft.fft(vector).real, vector)
