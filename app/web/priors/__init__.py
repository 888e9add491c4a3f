"""Tables of priors: what unknown building types and missing answers are taken for, in the open."""
