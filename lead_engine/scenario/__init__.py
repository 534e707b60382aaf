"""What would be if: answers under another Participant list, from stored scores and never from claims."""
