"""The screens: everything an artist sees, made with Textual."""
