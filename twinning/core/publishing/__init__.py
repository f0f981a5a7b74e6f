"""The publishing workflow: steps and states, what the public may see, working copies, preview links."""
