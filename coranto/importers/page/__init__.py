"""Reading saved pages: what was one page of a site, as the articles it showed. Knows no database."""
