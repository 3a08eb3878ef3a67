"""The pure middle of the PBX: values in, values out.

Nothing here reads a clock, draws chance, touches a file or a socket, or waits. Time, ids and chance arrive as
arguments; deadlines leave as data.
"""
