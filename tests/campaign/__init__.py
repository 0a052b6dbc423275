"""Seeded campaigns against whatever could break the program: run by name, and every night, not with the tests.

    python -m tests.campaign                       all of them, small
    python -m tests.campaign sheets --count 10000  one of them
    python -m tests.campaign all --seed 7          other inputs

Each prints how many it tried, how many of them were read or played (clean), how many refused with a sentence, and how many
broke: a traceback, a foreign exception, something half-written, or seconds for what should take none.
"""
