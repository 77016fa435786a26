"""The demo EHR's authorization server: SMART App Launch 2.2, strict, all in memory."""
