"""The commands on people: who is in the studio, and who may do what."""
