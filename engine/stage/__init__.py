"""Playing: a production is set up, the loop asks for lines and keeps what was said."""
