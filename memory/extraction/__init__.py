"""From what was said to what may be remembered. No Django."""
