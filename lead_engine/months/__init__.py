"""The beneficiary-month: who is alignment-eligible when, and in which category (ALN-18 to ALN-23, ALN-56, ALN-57)."""
