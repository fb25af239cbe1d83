"""PRHub's own store: work, facts in flight, reports, publish rows, and what a model answered."""

from bot.store.answers import ANSWER_SECONDS, Answers
from bot.store.commands import Commands
from bot.store.config_issues import ConfigIssue, ConfigIssues, ConfigWish
from bot.store.database import Store, migrate, open_store
from bot.store.deliveries import Inbox, Receipt
from bot.store.digest_issues import DigestIssue, DigestIssues, DigestKey
from bot.store.digests import ORGANISATION, Digests, PeriodInFlight, StoredDigest
from bot.store.installations import FoundInstallation, Installations
from bot.store.installed import Installed, installed
from bot.store.ledger import Ledger
from bot.store.limits import Limits
from bot.store.parking import Parking
from bot.store.publications import AppliedLabel, LabelState, Publication, Publications, PublishState
from bot.store.readings import Readings
from bot.store.repo_configs import RepoConfigs
from bot.store.reports import ReportQuery, Reports, StoredReport
from bot.store.repositories import Repositories, StoredRepository
from bot.store.scans import Scanned, Scans, ScanTarget
from bot.store.sweeps import Gap, Sweeps
from bot.store.tenants import Tenants
from bot.store.triggers import NOT_MERGED, StoredTrigger, Triggers, TriggerState

__all__ = [
    "ANSWER_SECONDS",
    "NOT_MERGED",
    "ORGANISATION",
    "Answers",
    "AppliedLabel",
    "Commands",
    "ConfigIssue",
    "ConfigIssues",
    "ConfigWish",
    "DigestIssue",
    "DigestIssues",
    "DigestKey",
    "Digests",
    "FoundInstallation",
    "Gap",
    "Inbox",
    "Installations",
    "Installed",
    "LabelState",
    "Ledger",
    "Limits",
    "Parking",
    "PeriodInFlight",
    "Publication",
    "Publications",
    "PublishState",
    "Readings",
    "Receipt",
    "RepoConfigs",
    "ReportQuery",
    "Reports",
    "Repositories",
    "ScanTarget",
    "Scanned",
    "Scans",
    "Store",
    "StoredDigest",
    "StoredReport",
    "StoredRepository",
    "StoredTrigger",
    "Sweeps",
    "Tenants",
    "TriggerState",
    "Triggers",
    "installed",
    "migrate",
    "open_store",
]
