"""What every page of the console stands on: who asks, with which artist, and the one model admin."""
