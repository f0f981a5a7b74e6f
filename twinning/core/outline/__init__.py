"""The outline of a form: its parts in the order of thinking, what each still lacks, and what the handbook says about it."""
