"""The report card: what is measured of a troupe's voices, one module a group of figures; `engine.evaluate` prints it."""
