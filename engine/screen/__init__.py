"""What the viewer gets: the performance in the terminal, its closing pictures, and files."""
