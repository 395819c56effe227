from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "coranto.comments"
    label = "comments"
    verbose_name = _("comments")

    def ready(self) -> None:
        from coranto.comments import edge, operations, queries
        from coranto.comments.operations import moderating
        from coranto.comments.operations.writing import KIND
        from coranto.comments.queries.moderation import decisions_about
        from coranto.comments.rules.tokens import CONFIRM_WITHIN
        from coranto.jobs.rules import periodic
        from coranto.mailroom import kinds
        from coranto.readers import data_parts

        edge.connect()
        _let_readers_follow()
        kinds.register(
            kinds.Kind(
                name=KIND,
                label=_("Guests confirm a comment"),
                keep=timedelta(days=7),
                expires_after=CONFIRM_WITHIN,
                ignores_unsubscribe=True,
            )
        )
        kinds.register(
            kinds.Kind(
                name=moderating.KIND,
                label=_("A comment was rejected"),
                # Whoever wrote it waits for an answer, letters or none.
                ignores_unsubscribe=True,
            )
        )
        # Before the comments, which forget whose they were.
        data_parts.register(
            data_parts.DataPart(
                name="comments.decisions",
                label=_("What the editors decided about your comments"),
                export=decisions_about,
                erase=operations.erase_appeals,
            )
        )
        data_parts.register(
            data_parts.DataPart(
                name="comments",
                label=_("Your comments, and whom you have muted"),
                export=queries.own_comments,
                is_words=True,
                erase=operations.erase_comments,
            )
        )
        periodic.register("comments.prune_waiting", every=timedelta(hours=1), function=operations.prune_waiting)
        periodic.register("comments.forget_origins", every=timedelta(hours=6), function=operations.forget_origins)
        periodic.register("comments.forget_rare_words", every=timedelta(days=1), function=operations.forget_rare_words)


def _let_readers_follow() -> None:
    from coranto.comments import operations, receivers
    from coranto.comments.operations.following import ASKING_KIND, NEWS_KIND
    from coranto.comments.queries.following import followed_threads, own_follows
    from coranto.comments.rules.following import ANSWER_WITHIN
    from coranto.jobs.rules import periodic
    from coranto.mailroom import kinds
    from coranto.readers import data_parts, followed

    receivers.connect()
    kinds.register(
        kinds.Kind(
            name=ASKING_KIND,
            label=_("Whether somebody wants to follow comments"),
            keep=timedelta(days=7),
            expires_after=ANSWER_WITHIN,
        )
    )
    kinds.register(
        kinds.Kind(
            name=NEWS_KIND,
            label=_("New comments, to those who follow them"),
            stream=kinds.BULK,
            keep=timedelta(days=30),
            # Words that were taken back since should not go out days later.
            expires_after=timedelta(hours=12),
        )
    )
    followed.register(followed.Following(name="comments", label=_("Comments you follow"), find=followed_threads))
    data_parts.register(
        data_parts.DataPart(
            name="comments.following",
            label=_("Articles whose comments you follow"),
            export=own_follows,
            erase=operations.erase_following,
        )
    )
    periodic.register("comments.tell_followers", every=timedelta(minutes=1), function=operations.tell_followers)
    periodic.register("comments.prune_follows", every=timedelta(hours=1), function=operations.prune_follows)
