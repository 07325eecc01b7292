"""What crosses between authorities, for the pages: guide, drafts to decide, inbox."""
