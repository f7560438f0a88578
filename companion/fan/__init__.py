"""The fan app as the server gives it: the first screen in the HTML, its style and icons per artist, its worker."""
