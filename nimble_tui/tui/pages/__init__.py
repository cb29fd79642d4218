"""Pages: full screens opened from the main one."""
