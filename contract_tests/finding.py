"""What a rule found: the core's findings, by their name in the kit."""

from mock_server.core.finding import Finding, Near, Place, Verdict, Words, gravest
from mock_server.core.verification.check import Judgement, Violation

__all__ = ["Finding", "Judgement", "Near", "Place", "Verdict", "Violation", "Words", "gravest"]
