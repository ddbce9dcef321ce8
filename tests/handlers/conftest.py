"""An office at work, for the tests of every service."""

from tests.at_work import office, working

__all__ = ["office", "working"]
