"""The demo EHR as a CDS client: it calls Tacit's services where a hook fires, and tells what became of the cards."""
