"""What the model may use while it answers, as the operator has configured it."""

from functools import partial

from bot.app.parts import Slack
from bot.domain.conversation import ThreadKey
from bot.ports import ToolsFor
from bot.slack.desks.approvals import Approvals
from bot.slack.reading.directory import Directory
from bot.slack.reading.links import LinkedThreads
from bot.slack.reading.members import Members
from bot.tools.people import person_finder
from bot.tools.threads import thread_reader
from bot.tools.toolbox import FunctionFor, Tools
from bot.turns.policy import Policy
from config.environment import Config


def build_tools(config: Config, slack: Slack, policy: Policy, approvals: Approvals) -> ToolsFor:
    def admits(thread: ThreadKey, person: str) -> bool:
        return policy.by_ids(thread, person, is_direct=False) is None

    threads = LinkedThreads(slack.platform, slack.identity, Members(slack.calls))
    directory = Directory(slack.calls, slack.people, slack.clock)
    functions: dict[str, FunctionFor] = {
        "threads": partial(thread_reader, threads, admits),
        "people": partial(person_finder, directory.find, slack.people.profile, slack.clock),
    }
    wanted = tuple(function for name, function in functions.items() if name in config.tools)
    return Tools(wanted, config.offers, approvals.ask)
