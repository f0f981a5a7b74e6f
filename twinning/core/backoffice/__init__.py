"""The admin: forms and lists of publishable records, and the pages around them."""
