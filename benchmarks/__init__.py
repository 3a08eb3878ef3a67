"""How fast pbxsim is, as ratios taken in one run: `make bench`, or `python -m benchmarks --help`."""
