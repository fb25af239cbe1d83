"""The rubric: what a model is asked to judge, and what each level means; the one place of its wording."""

from __future__ import annotations

from bot.model import RubricKey

# Raised with every change of wording: scores of different versions are not compared.
RUBRIC_VERSION = 1

ITEMS: dict[RubricKey, str] = {
    RubricKey.REACH: "Who meets the change.",
    RubricKey.CONSEQUENCE: "What happens if it is wrong.",
    RubricKey.REVERSIBILITY: "How hard it is to take back.",
    RubricKey.DECISION: "How much was decided.",
    RubricKey.ASSUMPTION: "Whether something people relied on turned out otherwise.",
    RubricKey.TRANSFER: "What a reader can use elsewhere.",
    RubricKey.ARGUMENT: "What the discussion adds to the diff.",
}

RUBRIC: dict[RubricKey, tuple[str, str, str, str]] = {
    RubricKey.REACH: (
        "Nobody who uses or runs the software: text, tests, tools of the developers.",
        "Those who use one feature, model, platform or script.",
        "Those who use one subsystem, or whoever builds on an interface that changed.",
        "Everybody: the default path, a shared default, a format that is stored or sent.",
    ),
    RubricKey.CONSEQUENCE: (
        "Nothing that runs depends on it.",
        "A failure that is seen at once, with an evident way around it.",
        "A feature fails or slows down in use, or work has to be repeated.",
        "Wrong results without an error, lost data, a hang, or a hole in security.",
    ),
    RubricKey.REVERSIBILITY: (
        "A plain revert takes it back.",
        "A revert, and small things with it: a setting, an image, a document.",
        "Callers, settings or deployments that followed it have to change again.",
        "It cannot be taken back in full: stored data, a published format or interface.",
    ),
    RubricKey.DECISION: (
        "None: mechanical, or the only way.",
        "A local choice, with no reason given.",
        "A choice between ways, for reasons that the data shows.",
        "A direction that later work has to follow.",
    ),
    RubricKey.ASSUMPTION: (
        "No.",
        "A detail of one function.",
        "Something that other code or its users relied on.",
        "A basic assumption about the system, or about a dependency.",
    ),
    RubricKey.TRANSFER: (
        "Nothing.",
        "Something for those who work on the same files.",
        "A technique or a trap that matters elsewhere in this repository.",
        "One that matters outside of it.",
    ),
    RubricKey.ARGUMENT: (
        "Nothing: no discussion, or approval alone.",
        "Remarks on details or style.",
        "A remark that changed the code, or was declined with a reason.",
        "Alternatives were weighed, and the reasons are on record.",
    ),
}
