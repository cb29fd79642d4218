"""The people of a studio: who they are, what may be changed about them, and plans for them."""
