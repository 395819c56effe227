"""Pure rules of imports: addresses, slugs, credit lines, digests."""
