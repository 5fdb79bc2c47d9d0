"""Following one thing: who wants to be told of it, and the letters that tell them."""

from consult.subscriptions.following import (
    ask_to_follow,
    confirm_following,
    follow,
    forget_unconfirmed,
    is_following,
    subscription_of,
    subscriptions_of,
    unfollow,
)
from consult.subscriptions.letters import CONFIRM, STOP, key_of
from consult.subscriptions.models import LIVES, Subscription, SubscriptionNotice
from consult.subscriptions.notices import AT_ONCE, tell_followers, write_due_notices

__all__ = [
    "AT_ONCE",
    "CONFIRM",
    "LIVES",
    "STOP",
    "Subscription",
    "SubscriptionNotice",
    "ask_to_follow",
    "confirm_following",
    "follow",
    "forget_unconfirmed",
    "is_following",
    "key_of",
    "subscription_of",
    "subscriptions_of",
    "tell_followers",
    "unfollow",
    "write_due_notices",
]
