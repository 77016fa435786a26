"""The EHRs that this installation is registered with: what each is called, where it answers, as whom we come."""
