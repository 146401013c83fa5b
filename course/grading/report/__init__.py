"""What a class's results say: about its students, about the exercises, and about the grading itself."""
