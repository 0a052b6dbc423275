"""What is learned from scripts without TensorFlow: training passages, what is due, fits of turns and choice."""
