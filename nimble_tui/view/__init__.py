"""What is computed for people from what is known: labels, times, rows, sentences; no Textual."""
