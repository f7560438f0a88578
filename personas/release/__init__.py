"""The gate between a written version and the fans: checks, two approvals, a trial with a share of the fans, live."""
