"""Optimisation, integration and statistics give known numbers."""

import math

from scipy import integrate, optimize, stats

minimum = optimize.minimize(lambda x: (x[0] - 3) ** 2 + 1, [0.0])
assert abs(minimum.x[0] - 3) < 1e-4, minimum
area, error = integrate.quad(math.sin, 0, math.pi)
assert abs(area - 2) < 1e-9 and error < 1e-6, (area, error)
assert abs(stats.norm.cdf(1.959963984540054) - 0.975) < 1e-9
