"""The deterministic checks of a draft: what is written on its sheet, and what it answers to the golden prompts."""
