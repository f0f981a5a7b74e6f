"""Full-text search: words, the index, and the facets by which results are narrowed."""
