"""How a request becomes a line: draw candidates, refuse what may not be said, rank the rest."""
