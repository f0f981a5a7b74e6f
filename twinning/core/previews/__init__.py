"""Pages before publication: shown to colleagues and to holders of a link, and checked to be hidden from the public."""
