"""Words and rules of the field: what a workstation is and what may be done to it."""
