"""What can go wrong with accounts, in words of the matter."""

from __future__ import annotations


class AccountsError(Exception):
    """Base of every error of accounts."""


class NameTakenError(AccountsError):
    """An account of this name exists."""


class InvalidNameError(AccountsError):
    """The name is not one that an account can have."""


class NoSuchAccountError(AccountsError):
    """There is no account of this name."""


class UnknownRoleError(AccountsError):
    """The role is not one that an account can have."""


class UnknownPlaceError(AccountsError):
    """There is no area and no school of this code."""


class WrongPlaceError(AccountsError):
    """The role is not given for places of this level: a school role is for one school, a planner for the country."""


class UnknownLevelError(AccountsError):
    """There is no such level of assessors."""


class WrongDayError(AccountsError):
    """The day is none, has passed, or lies more than five years ahead."""


class BasisMissingError(AccountsError):
    """It is not said on which ground the level is given."""


class WeakPasswordError(AccountsError):
    """The password breaks rules; ``reasons`` are msgids of the rules that it breaks."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class WrongSignInError(AccountsError):
    """Name or password is wrong, or the account is disabled; which one is not said."""


class WrongCodeError(AccountsError):
    """The code of the second factor is wrong or was used before."""


class TooManyTriesError(AccountsError):
    """Too many tries in a short time."""


class LinkGoneError(AccountsError):
    """The one-time link is unknown, used or too old; which one is not said."""


class SecondFactorNeededError(AccountsError):
    """The account needs a second factor, which name and password in a header cannot show."""


class OwnAccountError(AccountsError):
    """Nobody changes their own roles, nor shuts themselves out; another administrator does."""


class LastAdministratorError(AccountsError):
    """Without this account nobody could administer any more."""
