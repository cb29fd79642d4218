"""What is computed about people: their rows, their details, and what can be changed."""
