"""Who speaks next, and to whom: a conditional logit fitted on scripts, and the baselines that it is held against."""
