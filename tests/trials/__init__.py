"""Long trials with chance: random events in the real window, damaged files, kills. ``python -m tests.trials --help``.

Each is seeded, so that what it finds can be found again. `tests.test_trials` runs a short form of each.
"""
