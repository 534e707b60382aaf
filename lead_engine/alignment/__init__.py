"""Claims-based alignment: which services count, the score of every unit, who wins, and the months that follow."""
