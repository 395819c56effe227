from django.urls import path

from coranto.comments.views import following, moderation, own, reading, writing

urlpatterns = [
    path("-/comments/write/<int:article_id>/", writing.write, name="comments_write"),
    path("-/comments/sent/<int:article_id>/", writing.show_sent, name="comments_sent"),
    path("-/comments/confirm/<str:token>/", writing.confirm, name="comments_confirm"),
    path("-/comments/forget/", writing.forget, name="comments_forget"),
    path("-/comments/me", reading.show_me, name="comments_me"),
    path("-/comments/own/<str:token>/", own.show_own, name="comments_own"),
    path("-/comments/own/<str:token>/edit/", own.edit, name="comments_edit"),
    path("-/comments/own/<str:token>/remove/", own.remove, name="comments_remove"),
    path("-/comments/follow/<int:article_id>/", following.follow, name="comments_follow"),
    path("-/comments/follow/<int:article_id>/sent/", following.show_sent, name="comments_follow_sent"),
    path("-/comments/follow/confirm/<str:token>/", following.confirm, name="comments_follow_confirm"),
    path("-/comments/stop/<str:token>/", following.stop, name="comments_stop"),
    path("-/comments/appeal/<str:token>/", moderation.appeal, name="comments_appeal"),
    path("-/comments/<int:pk>/", reading.show_comment, name="comments_comment"),
    path("-/comments/<int:pk>/report/", reading.report, name="comments_report"),
    path("-/comments/<int:pk>/mute/", reading.mute, name="comments_mute"),
    path("-/comments/<int:pk>/hear/", reading.hear, name="comments_hear"),
    path("<str:section_slug>/<str:slug>/comments/<int:pk>/", reading.find_comment, name="comments_place"),
]
