"""The review queue: what waits for a person, one case with the talk around it, and the steps that lead out of it."""
