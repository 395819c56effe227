from coranto.audience.queries.figures import CountingFigures, counting_figures
from coranto.audience.queries.views import HourlyViews, hourly_views, public_views, shown_views

__all__ = ["CountingFigures", "HourlyViews", "counting_figures", "hourly_views", "public_views", "shown_views"]
