"""A fleet of phones against one provisioning server: `pbxsim storm`.

`roster` says who they are, `plan` when they start, `engine` drives them, `tally` counts. Two shells carry the
requests: `live` over sockets in real time (`wire` is its HTTP), `simulated` in virtual time; engine and report are the
same for both.
"""
