"""Writing: checks of the texts of a record while it is written. They name what to look at again and change nothing."""
