"""Programs that serve pages, side by side: started on one core, asked from another, and what each request costs."""
