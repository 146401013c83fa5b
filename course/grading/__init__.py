"""Submissions in, scores, feedback and gradebook out: collect, sanitise, execute, score, journal, gradebook, feedback."""
