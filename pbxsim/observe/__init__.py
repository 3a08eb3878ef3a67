"""Questions about a whole world: PBX, files and phones together. They change nothing, and keep nothing.

What they answer is worked out when it is asked; where only trying helps, it is tried on a fork.
"""
