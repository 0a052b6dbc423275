"""The checks across authored files: sheets, scenes, the season and the scripts, each against all the others.

What one file says on its own is checked when it is loaded (`engine.sheets.authored`, `engine.corpus.fountain`); here is
what takes two: a name and its sheet, a fact and who can know it, a line and the line that it repeats.
"""
