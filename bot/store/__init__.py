"""PRHub's own store: deliveries, triggers, facts in flight, reports, and the publish rows."""

from bot.store.database import Store, migrate, open_store
from bot.store.deliveries import Inbox, Receipt
from bot.store.limits import Limits
from bot.store.publications import AppliedLabel, LabelState, Publication, Publications, PublishState
from bot.store.reports import ReportQuery, Reports, StoredReport
from bot.store.triggers import StoredTrigger, Triggers, TriggerState

__all__ = [
    "AppliedLabel",
    "Inbox",
    "LabelState",
    "Limits",
    "Publication",
    "Publications",
    "PublishState",
    "Receipt",
    "ReportQuery",
    "Reports",
    "Store",
    "StoredReport",
    "StoredTrigger",
    "TriggerState",
    "Triggers",
    "migrate",
    "open_store",
]
