"""Log-in monitoring: every sign-in, failed sign-in and sign-out is recorded (45 CFR 164.308(a)(5)(ii)(C))."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from audit.domain import Event, Outcome
from audit.services import append
from compliance.access.models import Account


@receiver(user_logged_in)
def record_sign_in(sender: object, user: Account, **_: object) -> None:
    """Record that an account signed in."""
    append(Event(action="sign-in", outcome=Outcome.SUCCESS, actor=user.username, role=user.role))


@receiver(user_logged_out)
def record_sign_out(sender: object, user: Account | None, **_: object) -> None:
    """Record that an account signed out."""
    if user is not None:
        append(Event(action="sign-out", outcome=Outcome.SUCCESS, actor=user.username, role=user.role))


@receiver(user_login_failed)
def record_failed_sign_in(sender: object, credentials: dict[str, str], **_: object) -> None:
    """Record a failed sign-in; a name that is no account is not recorded: it may be a mistyped password."""
    account = Account.objects.filter(username=credentials.get("username", "")).first()
    append(
        Event(
            action="sign-in",
            outcome=Outcome.DENIED,
            actor=account.username if account else "unknown",
            role=account.role if account else "",
            reason="wrong-credentials",
        )
    )
