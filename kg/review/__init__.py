"""Review: what is doubtful goes to a spreadsheet, and what people decide comes back as a text file.

doubts.find_doubts(store) → writing.write_spreadsheet(rows, FILE.xlsx) → a person → reading.read_spreadsheet(FILE.xlsx)
→ decisions.write_decisions(kg-decisions.tsv) → kg.build(…, decisions=kg-decisions.tsv)
"""
