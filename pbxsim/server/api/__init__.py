"""The API, one file per noun: a table of its paths, then what is not like every other noun."""
