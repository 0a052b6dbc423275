"""Script files of every format -> turns with file, line, scene, tone and arc: one reader a format."""
