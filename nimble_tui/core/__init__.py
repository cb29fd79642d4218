"""The domain: the model of a studio, and the rules for what can be done with a workstation."""
