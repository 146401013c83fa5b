"""The bank of hostile and broken submissions, each of which this project's own grader must survive; see README.md here."""
