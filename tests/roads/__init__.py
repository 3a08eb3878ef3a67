"""The roads that one suite of scenarios is driven on: a world in process, and a server over HTTP."""
