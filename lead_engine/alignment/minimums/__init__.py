"""Whether an ACO has the people it needs (ALN-13 to ALN-17): a flag, which changes neither alignment nor benchmark."""
