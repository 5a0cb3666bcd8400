"""The ledger: quotes of many articles over the years, their trends, and reports to look at."""
