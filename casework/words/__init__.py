"""What codes, steps and rows are called where people read them, by subject."""
