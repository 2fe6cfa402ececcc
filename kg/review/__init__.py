"""People in the loop: what is doubtful goes into a spreadsheet, and what people decide comes back as a text file.

doubts.doubts(store) → writing.write(rows, FILE.xlsx) → a person → reading.read(FILE.xlsx) → decisions
→ decided.save(kg-decisions.tsv) → kg.build(…, decisions=kg-decisions.tsv)
"""
