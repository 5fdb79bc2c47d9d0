"""What is typed: opinions and replies by residents; consultations, drafts and procedures by the staff."""
