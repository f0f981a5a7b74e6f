"""Room: pages of the council's own, such as an imprint, and their links in the foot of every page."""
