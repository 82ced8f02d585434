"""Other servers that the same load is put on in the same run, for comparison."""
