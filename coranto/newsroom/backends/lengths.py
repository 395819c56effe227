"""What a word in a title weighs, found without reading the whole search index at each save.

modelsearch multiplies how well a title fits by `title_norm`, the average length of all titles divided by that of this
one. To write it for one page it would measure every title there is, and look through all entries for those that have
none yet: a publication would cost the more the older the newspaper is. Here the sum is kept in one row. An entry's
weight is right when it is written; as the average moves over the years, `refresh_weights` follows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import transaction
from django.db.models import Count, F, FloatField, Max, QuerySet, Sum
from django.db.models.functions import Abs, Cast, Length
from modelsearch.utils import get_content_type_pk

if TYPE_CHECKING:
    from collections.abc import Iterable

# So far an entry's weight may be off: when it is written, and when the average has moved since. Each change makes
# SQLite write the words of the whole article into its index again.
OFF_WHEN_WRITTEN: Final = 0.01
OFF_LATER: Final = 0.1
BATCH: Final = 200


class KeepsLengths:
    """For an index of modelsearch's: titles are counted as they come and go."""

    entries: QuerySet[Any]
    write_connection: Any

    def add_items(self, model: Any, objs: Iterable[Any]) -> None:
        objs = list(objs)
        ids = [str(each.pk) for each in objs]
        written = self.entries.filter(content_type_id=get_content_type_pk(model), object_id__in=ids)
        with self._together():
            before = _measured(written)
            super().add_items(model, objs)  # type: ignore[misc]
            self._note(before, _measured(written))
            self._weigh(written, off=OFF_WHEN_WRITTEN)

    def delete_item(self, item: Any) -> None:
        with self._together():
            before = _measured(item.index_entries.all())
            super().delete_item(item)  # type: ignore[misc]
            self._note(before, (0, 0))

    def reset(self) -> None:
        # Where the index is: modelsearch would look for it in every database of the same kind.
        self.entries.all()._raw_delete(using=self.write_connection.alias)  # noqa: SLF001 - as modelsearch does
        self._measure_all()

    def refresh_weights(self) -> None:
        """Count anew, and put right each weight that is off by more than a tenth: a few entries at a time.

        Whoever writes waits for one of these batches at most, and not for all of the index.
        """
        self._measure_all()
        last = self.entries.aggregate(last=Max("pk"))["last"] or 0
        for start in range(0, last + 1, BATCH):
            self._weigh(self.entries.filter(pk__gte=start, pk__lt=start + BATCH), off=OFF_LATER)

    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002 - modelsearch's signature
        """Asked by modelsearch after each writing, where all is done; and after a rebuilding, where `full` is set."""
        if full:
            self.refresh_weights()

    def _together(self) -> Any:
        return transaction.atomic(using=self.write_connection.alias)

    def _note(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        # Two processes that write the same entry at the same moment may count it twice; an average does not mind,
        # and it is counted anew every day.
        more, longer = after[0] - before[0], after[1] - before[1]
        if not more and not longer:
            return
        if not _rows().update(count=F("count") + more, total=F("total") + longer):
            self._measure_all()

    def _measure_all(self) -> None:
        count, total = _measured(self.entries)
        _rows().update_or_create(pk=1, defaults={"count": count, "total": total})

    def _weigh(self, entries: QuerySet[Any], *, off: float) -> None:
        """Give these entries the weight they ought to have, where theirs is off by more than that share."""
        average = self._average()
        length = Cast(Length("title"), FloatField())
        measured = entries.annotate(length=length, share=Abs(F("title_norm") * length / average - 1))
        measured.filter(length__gt=0, share__gt=off).update(title_norm=average / F("length"))

    def _average(self) -> float:
        kept = _rows().first()
        if kept is None:
            self._measure_all()
            kept = _rows().get()
        return float(kept.average)


def _rows() -> Any:
    return apps.get_model("newsroom", "TitleLengths").objects


def _measured(entries: QuerySet[Any]) -> tuple[int, int]:
    """How many of these entries have a title, and how long they are together."""
    titled = entries.annotate(length=Length("title")).filter(length__gt=0).order_by()
    found = titled.aggregate(count=Count("pk"), total=Sum("length"))
    return found["count"], found["total"] or 0
