RUM a
