"""Literature and guidelines: loaded, searched, cut into quotable passages."""

import os

# Before numpy comes in: a question's products of matrices take a millisecond, and on busy cores a second thread of
# OpenBLAS makes ten of it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
