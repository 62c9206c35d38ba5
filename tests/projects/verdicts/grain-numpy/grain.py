import numpy


def speckle(rows, columns):
    field = numpy.random.standard_normal((rows, columns))
    return round(float(numpy.linalg.svd(field, compute_uv=False).sum()), 6)
