"""`python -m pbxsim` is `pbxsim`."""

from pbxsim.cli import main

main()
