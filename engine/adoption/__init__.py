"""Other people's scripts -> a troupe: gathered, cut, portrayed, written, and tried. `engine.adopt` is the command.

gather -> cutting -> talk -> portrait, ties -> sheets, opening -> write -> trial
"""
