"""Live calls. Not built yet: `surfaces.calls` is false, and nothing imports this package."""
