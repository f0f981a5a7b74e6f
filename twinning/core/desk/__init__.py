"""The front page of the back office: what needs the person who opens it, in sections, and the approvers' list."""
