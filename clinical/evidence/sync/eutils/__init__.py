"""NCBI's E-utilities: search, post and fetch over the history server.

Sources: NCBI, A General Introduction to the E-utilities (NBK25497); The E-utilities In-Depth (NBK25499).
"""
