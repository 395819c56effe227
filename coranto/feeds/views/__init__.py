"""What programs ask for: feeds, sitemaps, small texts at the root of the site, oEmbed."""
