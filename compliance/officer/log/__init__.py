"""The audit record's tree for witnesses: checkpoint and tiles, which hold hashes and no event. Source: C2SP tlog-tiles."""
