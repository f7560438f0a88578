"""What runs on one machine: embedded servers and the supervisor of `make run`. Imports no Django."""
