"""Commented beginnings of what people write: a troupe, a character, a scene. Each checks and plays as it is written."""
