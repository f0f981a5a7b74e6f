"""The page that a council has today, pasted: what rules find in it becomes proposals, each with the sentence that it rests on."""
