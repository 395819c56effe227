from coranto.audience.models.kept import (
    OF_BOTS,
    OF_PEOPLE,
    ArticleViews,
    Closing,
    DayViews,
    LeftOut,
    Recounting,
    RollUp,
    RuleChange,
    UserAgent,
)
from coranto.audience.models.running import (
    ANYWHERE,
    Crowd,
    DailySalt,
    DayAgent,
    RunningLeftOut,
    RunningViews,
    Visit,
)
from coranto.audience.models.settings import Trending

__all__ = [
    "ANYWHERE",
    "OF_BOTS",
    "OF_PEOPLE",
    "ArticleViews",
    "Closing",
    "Crowd",
    "DailySalt",
    "DayAgent",
    "DayViews",
    "LeftOut",
    "Recounting",
    "RollUp",
    "RuleChange",
    "RunningLeftOut",
    "RunningViews",
    "Trending",
    "UserAgent",
    "Visit",
]
