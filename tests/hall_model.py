"""A hall in plain Python: the rules of places written down a second time, to compare the real ones with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
SEATED = ("held", "given", "offered")
ALIVE = (*SEATED, "waiting")
NO, FULL = "refused", "full"


@dataclass
class Party:
    """One place: whose it is (None: nobody's any more), and where it stands."""

    who: int | None
    people: int
    is_online: bool = False
    standing: str = "nowhere yet"
    number: int = 0
    step: int = 0
    is_known: bool = False
    until: datetime | None = None
    asked_at: datetime | None = None
    arrived: int = 0

    @property
    def seats(self) -> int:
        """Seats that it needs."""
        return 0 if self.is_online else self.people

    @property
    def is_alive(self) -> bool:
        """Whether it is held, given, offered or waits."""
        return self.standing in ALIVE


@dataclass
class HallModel:
    """What should be true; each deed answers "" or why it is refused, and changes nothing then."""

    wanted: int | None
    starts_at: datetime
    now: datetime
    parties: list[Party] = field(default_factory=list)
    letters: Counter[tuple[int, int, str]] = field(default_factory=Counter)  # party, step, what
    number: int = 0
    sequence: int = 0
    is_cancelled: bool = False
    is_reminded: bool = False

    # ---- What can be seen

    @property
    def taken(self) -> int:
        """Seats that are held, given or offered."""
        return sum(party.seats for party in self.parties if party.standing in SEATED)

    @property
    def capacity(self) -> int | None:
        """Nobody loses a seat when fewer are wanted; what is given back is gone."""
        return None if self.wanted is None else max(self.wanted, self.taken)

    @property
    def line(self) -> list[Party]:
        """Who waits, of those whose address is known, the first first."""
        known = [party for party in self.parties if party.standing == "waiting" and party.is_known]
        return sorted(known, key=lambda party: party.number)

    @property
    def arrived(self) -> int:
        """Heads in the hall."""
        return sum(party.arrived for party in self.parties)

    @property
    def is_last_call(self) -> bool:
        """Whether nothing is kept for anybody any more."""
        return self.now >= self.starts_at - 2 * HOUR

    @property
    def is_past(self) -> bool:
        """Whether it is over."""
        return self.now >= self.starts_at + 2 * HOUR

    @property
    def is_off(self) -> bool:
        """Whether nobody can come."""
        return self.is_cancelled or self.is_past

    def place_of(self, who: int) -> Party | None:
        """The one place of this person."""
        return next((party for party in self.parties if party.who == who), None)

    def fits(self, seats: int) -> bool:
        """Whether there are so many free seats."""
        return self.wanted is None or seats == 0 or self.taken + seats <= self.wanted

    def may_sit(self, seats: int) -> bool:
        """Whether who comes now may take them past the line."""
        return self.fits(seats) and (seats == 0 or not self.line or self.is_last_call)

    # ---- What is done

    def ask(self, who: int, way: str, people: int, is_online: bool, waits: bool) -> str:
        """Somebody asks as a "guest", signed in ("person"), or through the staff ("phone")."""
        seats = 0 if is_online else people
        if self.is_off or (way != "phone" and self.now >= self.starts_at):
            return NO
        if not waits and not self.may_sit(seats):
            return FULL
        party = self.place_of(who)
        if party is not None and party.is_alive:
            return self._ask_again(party, way)
        if party is None:
            party = Party(who, people)
            self.parties.append(party)
        sits, party.is_known = self.may_sit(seats), way != "guest"
        party.people, party.is_online, party.asked_at = people, is_online, self.now
        self._next_number(party)
        self._stand(party, "waiting" if not sits else "given" if party.is_known else "held")
        lasts = HOUR if sits else 48 * HOUR
        party.until = None if party.is_known else min(self.now + lasts, self.starts_at)
        self._tell(party)
        return ""

    def _ask_again(self, party: Party, way: str) -> str:
        if way != "guest":
            return "" if party.is_known else self.confirm(party)
        if party.asked_at is not None and self.now - party.asked_at >= HOUR:
            self._write(party, f"again {self.now:%Y-%m-%d}")
        return ""

    def confirm(self, party: Party) -> str:
        """The button in the first letter."""
        if self.is_off or party.standing == "cancelled" or (party.standing == "lapsed" and self.now >= self.starts_at):
            return NO
        if party.is_known and party.is_alive:
            return ""
        if party.standing == "held":
            self._stand(party, "given")
        else:
            party.is_known = False
            if party.standing == "lapsed":
                self._next_number(party)
            self._stand(party, "given" if self.may_sit(party.seats) else "waiting")
        party.is_known = True
        self._offer()
        self._tell(party)
        return ""

    def accept(self, party: Party) -> str:
        """The button in the letter that offers a place."""
        if self.is_off:
            return NO
        if party.standing == "given":
            return ""
        is_kept = party.standing == "offered" and party.until is not None and party.until > self.now
        may_sit = party.standing == "waiting" and self.is_last_call and self.fits(party.seats)
        if not is_kept and not may_sit:
            return NO
        self._stand(party, "given")
        party.is_known = True
        self._tell(party)
        return ""

    def cancel(self, party: Party) -> str:
        """Given back."""
        if party.is_alive:
            self._stand(party, "cancelled")
            if party.is_known:
                self._write(party, "cancelled")
            self._offer()
        return ""

    def change(self, party: Party, people: int, is_online: bool) -> str:
        """More or fewer people, or the other way of taking part."""
        if self.is_off or party.standing not in ("given", "waiting"):
            return NO
        more = (0 if is_online else people) - party.seats
        if party.standing == "given" and more > 0 and not self.may_sit(more):
            return FULL
        if (people, is_online) == (party.people, party.is_online):
            return ""
        party.people, party.is_online = people, is_online
        if party.standing == "waiting" and party.is_known and is_online:
            self._stand(party, "given")
        else:
            party.step += 1
        self._offer()
        self._tell(party)
        return ""

    def set_wanted(self, wanted: int | None, is_sure: bool) -> str:
        """More seats, fewer, or as many as come."""
        if wanted is not None and wanted < self.taken and wanted != self.wanted and not is_sure:
            return NO
        self.wanted = wanted
        self._offer()
        return ""

    def wait(self, lasts: timedelta) -> None:
        """The clock goes on, and does its chores."""
        self.now += lasts
        due = [party for party in self.parties if party.until is not None and party.until <= self.now]
        for party in due:
            was_offered = party.standing == "offered"
            self._stand(party, "lapsed")
            if was_offered and not self.is_cancelled:
                self._write(party, "lapsed")
        self._offer()
        self._remind()

    def _remind(self) -> None:
        is_near = self.now < self.starts_at <= self.now + 24 * HOUR
        if self.is_reminded or self.is_cancelled or not is_near:
            return
        self.is_reminded = True
        for party in self.parties:
            is_new = party.asked_at is None or party.asked_at >= self.now - HOUR
            if party.standing == "given" and party.is_known and not is_new:
                self._write(party, f"reminder {self.sequence}")

    def tick(self, party: Party, people: int) -> str:
        """At the door."""
        if people > max(party.people, party.arrived) or not (party.standing in SEATED or party.arrived):
            return NO
        if party.standing in ("held", "offered"):
            self._stand(party, "given")
            party.is_known = True
        party.arrived = people
        return ""

    def walk_in(self, people: int) -> str:
        """Somebody without a place."""
        if self.is_off:
            return NO
        sits, has_begun = self.may_sit(people), self.now >= self.starts_at
        if not sits and self.capacity is not None and not (has_begun and self.arrived + people <= self.capacity):
            return NO
        party = Party(None, people, is_known=True, standing="given" if sits else "cancelled", step=1, arrived=people)
        self._next_number(party)
        self.parties.append(party)
        return ""

    def forget(self, party: Party) -> str:
        """Given back while there is something to give back, and nobody's afterwards."""
        if not self.is_past:
            self.cancel(party)
        party.who = None
        return ""

    def call_off(self) -> str:
        """The event is cancelled."""
        if self.is_past:
            return NO
        if not self.is_cancelled:
            self.is_cancelled, self.sequence = True, self.sequence + 1
            self._tell_all("called off")
        return ""

    def move(self, starts_at: datetime) -> str:
        """The event takes place at another time."""
        is_other, self.starts_at = starts_at != self.starts_at, starts_at
        self._offer()
        if not is_other or self.is_off:
            return ""
        self.sequence, self.is_reminded = self.sequence + 1, False
        for party in self.parties:
            if party.until is not None:
                latest = starts_at - 2 * HOUR if party.standing == "offered" else starts_at
                party.until = min(party.until, max(latest, self.now))
        self._tell_all(f"changed {self.sequence}")
        return ""

    # ---- What follows

    def _stand(self, party: Party, standing: str, until: datetime | None = None) -> None:
        party.standing, party.until, party.step = standing, until, party.step + 1

    def _next_number(self, party: Party) -> None:
        self.number += 1
        party.number = self.number

    def _offer(self) -> None:
        while not self.is_last_call and not self.is_off and self.line and self.fits(self.line[0].seats):
            first = self.line[0]
            self._stand(first, "offered", min(self.now + 24 * HOUR, self.starts_at - 2 * HOUR))
            self._write(first, "offered")

    def _tell(self, party: Party) -> None:
        if not party.is_known:
            self._write(party, "confirm")
        elif party.standing in ("given", "waiting"):
            self._write(party, party.standing)

    def _tell_all(self, what: str) -> None:
        for party in self.parties:
            if party.is_alive and party.is_known:
                self._write(party, what)

    def _write(self, party: Party, what: str) -> None:
        if party.who is not None:
            self.letters[self.parties.index(party), party.step, what] = 1
