"""批量申报: one workbook in which an enterprise asks for many of its constructors at once, one row for each person."""
