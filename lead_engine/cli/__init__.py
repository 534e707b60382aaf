"""The command `lead-engine`: one file a verb. Nothing heavy is imported before a verb runs."""
