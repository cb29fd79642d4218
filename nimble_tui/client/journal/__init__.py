"""What was asked of studios and what became of it, kept in one file: nothing is done twice."""
