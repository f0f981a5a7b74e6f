"""What newspapers and programmes made of a release: links that stand beside it, and are no part of its text (ADR 66)."""
