from allauth.account import views as allauth_views
from allauth.account.decorators import reauthentication_required
from django.urls import include, path

from coranto.readers.views import account, signing_in

shown_again = reauthentication_required(app="allauth.account")

urlpatterns = [
    path("account/", account.show_account, name="readers_account"),
    path("account/redraw/", account.redraw, name="readers_redraw"),
    path("account/data/", account.show_data, name="readers_data"),
    path("account/erase/", account.erase, name="readers_erase"),
    path("account/erased/", account.show_erased, name="readers_erased"),
    path("account/second-factor/", signing_in.second_factor, name="readers_second_factor"),
    path("account/again/", signing_in.sign_in_again, name="readers_sign_in_again"),
    path("account/enter/<str:token>/", signing_in.enter, name="readers_enter"),
    path("-/avatar/<str:seed>.svg", account.show_avatar, name="readers_avatar"),
    # Ours before allauth's of the same name.
    path("account/login/", signing_in.SignInView.as_view(), name="account_login"),
    path("account/login/code/", signing_in.AskForCodeView.as_view(), name="account_request_login_code"),
    # Asked before anything is typed.
    path("account/email/", shown_again(signing_in.AddressView.as_view()), name="account_email"),
    path("account/password/set/", shown_again(allauth_views.password_set), name="account_set_password"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
