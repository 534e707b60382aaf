"""The list of steps, the plan, the run, and how a run goes on after it was stopped."""
