"""Pages for one reader each: no store keeps them. What everybody reads of comments stands in the article's page."""
