"""A phone as a picture: SVG of our own, for each family of models."""
