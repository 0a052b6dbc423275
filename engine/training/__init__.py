"""Training: datasets in, weights out. The only part of the program that imports TensorFlow."""
