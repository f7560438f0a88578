"""The console at /console/: Django's admin under Unfold, one artist at a time. Each app's admin.py has its pages."""
