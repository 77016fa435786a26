"""Literature from NCBI's E-utilities: only coded terms go out, one rate for all workers, every request recorded."""
