"""Page → letters → outline: which documents a page holds, their header fields, their parts."""
