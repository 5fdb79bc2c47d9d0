"""The outbox: letters written in the same transaction as what they tell of, and what becomes of them.

Promise: a letter whose transaction was committed leaves at least once, and under a Message-ID that never changes,
so that a mail server or a reader can see that a second copy is the same letter.
"""

from consult.outbox.carriers import transport_of
from consult.outbox.delivery import HELD, PAUSES, deliver
from consult.outbox.messages import message_of
from consult.outbox.models import Letter, LetterAttachment, LetterFile, masked
from consult.outbox.upkeep import KEPT, LATE, count_letters, forget, stuck_letters, try_again
from consult.outbox.writing import send

__all__ = [
    "HELD",
    "KEPT",
    "LATE",
    "PAUSES",
    "Letter",
    "LetterAttachment",
    "LetterFile",
    "count_letters",
    "deliver",
    "forget",
    "masked",
    "message_of",
    "send",
    "stuck_letters",
    "transport_of",
    "try_again",
]
