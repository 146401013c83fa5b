"""The bank of hostile and broken submissions that this project's own grader must survive (see README.md here)."""
