"""People: one account for the whole region, their roles in municipalities, their sign-ins, and links sent to them."""

from consult.people.addresses import email_key
from consult.people.passwords import PASSWORD_MAX, PASSWORD_MIN, hash_password
from consult.people.persons import Membership, Person, add_person, give_role
from consult.people.sign_ins import SignIn, Submission, end_sign_in, find_by_password, find_sign_in, start_sign_in
from consult.people.tokens import Token

__all__ = [
    "PASSWORD_MAX",
    "PASSWORD_MIN",
    "Membership",
    "Person",
    "SignIn",
    "Submission",
    "Token",
    "add_person",
    "email_key",
    "end_sign_in",
    "find_by_password",
    "find_sign_in",
    "give_role",
    "hash_password",
    "start_sign_in",
]
