"""A question, a chart and evidence become claims that were checked."""
