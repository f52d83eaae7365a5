"""The friendly offline responder of the demo: it says plainly that it is scripted, and listens all the same."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from playground.openai.decisions import simplest
from playground.openai.demo_hosted import hosted_in
from playground.openai.demo_tools import DEMO_SERVERS, orders_books, said_with, told_by, use_in
from playground.openai.drawings import Commission, Drawing
from playground.openai.illustrations import illustration
from playground.openai.input_items import InputMessage
from playground.openai.model import ScriptedModel
from playground.openai.pictures.canvas import Canvas
from playground.openai.prose import prose
from playground.openai.requests import Request
from playground.openai.scripts import Answer, Pace, pieces_of
from playground.openai.sights import sights
from playground.openai.wishes import Wish, decide_by_words, wish_of

_PACE = Pace(first=0.8, per_second=45, drawing=0.7)
_SPOKEN_BY = re.compile(r"^\s*\[?(?P<name>[^\W\d_][\w .'-]{0,40}?)\]?:\s+(?P<text>.*)$", re.DOTALL)
_CALLED = re.compile(r"\b(?:my name is|call me|i am called|i'm called)\s+(?P<name>[^\W\d_][\w'-]*)", re.IGNORECASE)

_STAND_IN = (
    "_I am a scripted stand-in and no language model. Set `OPENAI_API_KEY` before `make demo` to talk to a real one._"
)
_LOOKING = re.compile(r"\b(?:picture|image|photo|file|document|page|pdf|recording|attach\w*|look|see)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Talk:
    """What has been said in a thread, as the responder understands it; `earlier` is what people said before.

    `seen` describes what hangs on the newest message, or on any where the message asks about that. `draws` and `orders`
    say what may be done: draw a picture, and order a book.
    """

    question: str
    speaker: str | None
    earlier: tuple[str, ...]
    name: str | None
    answered: int
    seen: tuple[str, ...] = ()
    draws: bool = False
    orders: bool = False


def demo_model() -> ScriptedModel:
    """The model of the demo: it answers, decides and draws by what people say."""
    model = ScriptedModel(friendly)
    model.decide = decide_by_words
    model.servers = DEMO_SERVERS
    model.draw = lambda _: Drawing(paint=lambda commission: illustration([commission.prompt], commission.options))
    return model


def friendly(request: Request) -> Answer:
    """An answer that uses what people said; JSON when the request asks for JSON, a picture where one may be drawn."""
    if request.schema is not None:
        return Answer((json.dumps(simplest(request.schema)),))
    if told := told_by(request):
        return Answer(pieces_of(told), _PACE)
    talk = _listen(request)
    if use := use_in(request, talk.question):
        return Answer(pieces_of(said_with(request, use)), _PACE, uses=(use,))
    if hosted := hosted_in(request, talk.question):
        return Answer(pieces_of(hosted.text), _PACE, uses=(hosted.use,))
    wish = wish_of(talk.question, picture=bool(request.pictures))
    if request.must_draw or (talk.draws and wish is not Wish.TALK):
        return Answer((), _PACE, drawings=(_picture_of(talk, new=wish is Wish.DRAW or not request.pictures),))
    asked = talk.question.lower()
    reply = _sights if talk.seen else next(reply for words, reply in _REPLIES if any(word in asked for word in words))
    text = reply(talk)
    if talk.answered == 0:
        text = f"{text}\n\n{_STAND_IN}"
    return Answer(pieces_of(text), _PACE, thoughts=("**Reading the conversation**", "**Choosing a script**"))


def _picture_of(talk: Talk, *, new: bool) -> Drawing:
    """A landscape of what was said last, or, when it is no new one, of everything that was said."""
    wishes = [talk.question] if new else [talk.question, *reversed(talk.earlier)]

    def paint(commission: Commission) -> Canvas:
        return illustration(wishes, commission.options)

    return Drawing(talk.question, paint, action="generate" if new else "auto")


def _listen(request: Request) -> Talk:
    spoken = [message for message in request.messages if message.role == "user" and _is_said(message)]
    said = [_split(message.texts[0]) for message in spoken]
    speaker, question = said[-1] if said else (None, "")
    names = [found["name"] for _, text in said if (found := _CALLED.search(text))]
    answered = sum(message.role == "assistant" for message in request.messages)
    earlier = tuple(text.strip() for _, text in said[:-1])
    seen = sights(spoken[-1]) if spoken else ()
    if not seen and _LOOKING.search(question):
        seen = tuple(sight for message in request.messages if message.role == "user" for sight in sights(message))
    name = names[-1] if names else speaker
    return Talk(
        question.strip(), speaker, earlier, name, answered, seen, request.image_tool is not None, orders_books(request)
    )


def _is_said(message: InputMessage) -> bool:
    """False for a message that only shows what the bot itself has put into the thread."""
    return bool(message.texts) and not message.texts[0].startswith("[")


def _split(text: str) -> tuple[str | None, str]:
    """Who speaks, where the message begins with a name and a colon, and what is said."""
    found = _SPOKEN_BY.match(text)
    return (found["name"], found["text"]) if found else (None, text)


def _greeting(talk: Talk) -> str:
    hello = f"Hello{_comma(talk)}! Good to see you."
    return f"{hello} I can show you how answers look here. Try one of these:\n\n{_menu(talk)}"


def _name(talk: Talk) -> str:
    if talk.name is None:
        return "You have not told me your name yet. Say *my name is …*, and I shall remember it in this thread."
    return f"You are **{talk.name}**. I read that in this thread; nothing is kept anywhere else."


def _memory(talk: Talk) -> str:
    if not talk.earlier:
        return "This is the first thing that you said in this thread, so there is nothing before it."
    lines = "\n".join(f"{number}. “{_shortened(text)}”" for number, text in enumerate(talk.earlier, 1))
    return f"Before this, I read{_comma(talk)}:\n\n{lines}\n\nThe thread itself is my only memory."


def _introduction(talk: Talk) -> str:
    return f"Nice to meet you{_comma(talk)}! Ask me later *what is my name*, and I shall know."


def _table(_talk: Talk) -> str:
    return (
        "Here is a small table:\n\n"
        "| Planet | Moons | A day lasts | Rings |\n|---|---:|---:|:---:|\n"
        "| Earth | 1 | 24 h | no |\n| Mars | 2 | 24.6 h | no |\n| Jupiter | 97 | 9.9 h | yes |\n"
        "| Saturn | 274 | 10.7 h | yes |\n\n"
        "Numbers stand to the right, and *rings* are centred."
    )


def _code(_talk: Talk) -> str:
    return (
        "A function that counts words, with its test:\n\n"
        "```python\n"
        "from collections import Counter\n\n\n"
        "def count_words(text: str) -> Counter[str]:\n"
        '    """How often each word occurs; 2 < 3 && \'a\' is kept as it is."""\n'
        "    return Counter(text.lower().split())\n\n\n"
        'assert count_words("to be or not to be")["be"] == 2\n'
        "```\n\n"
        "Run it with `python -m pytest`, or read about "
        "[`Counter` in the documentation](https://docs.python.org/3/library/collections.html#collections.Counter)."
    )


def _list(_talk: Talk) -> str:
    return (
        "## A plan for a good launch\n\n"
        "1. **Prepare**\n    - write down what success means\n    - ask *two* people who will use it\n"
        "2. **Build**\n    - the smallest thing that helps\n        - with its tests\n    - then show it\n"
        "3. **Learn**\n    - read what people say\n    - ~~guess~~ measure\n\n"
        "> Plans are nothing; planning is everything."
    )


def _long(_talk: Talk) -> str:
    return f"# A long answer\n\nIt rolls over into further messages, and nothing is lost on the way.\n\n{prose(14_000)}"


def _thanks(talk: Talk) -> str:
    return f"You are welcome{_comma(talk)}! :blush:"


def _help(talk: Talk) -> str:
    return f"## What I can show\n\n{_menu(talk)}"


def _anything(talk: Talk) -> str:
    if not talk.question:
        return f"You sent no text, but I am here{_comma(talk)}. Try one of these:\n\n{_menu(talk)}"
    words = talk.question.split()
    remembered = f"\n- messages before it in this thread: **{len(talk.earlier)}**" if talk.earlier else ""
    return (
        f"I read this{_comma(talk)}:\n\n> {_shortened(talk.question)}\n\n"
        f"A model would answer it now. I can only tell you about it:\n\n"
        f"- words: **{len(words)}**, the longest is *{max(words, key=len)}*{remembered}\n"
        f"- asked as a question: **{'yes' if '?' in talk.question else 'no'}**\n\n"
        "Say **help** to see what else I can show."
    )


def _sights(talk: Talk) -> str:
    asked = f"You wrote:\n\n> {_shortened(talk.question)}\n\n" if talk.question else ""
    listed = "\n".join(f"- {sight}" for sight in talk.seen)
    return f"{asked}I see{_comma(talk)}:\n\n{listed}\n\nA model would work with it now."


def _menu(talk: Talk) -> str:
    return "\n".join((_MENU, *([_DRAWING_MENU] if talk.draws else []), *([_TOOLS_MENU] if talk.orders else [])))


def _comma(talk: Talk) -> str:
    return f", {talk.name}" if talk.name else ""


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"


_MENU = (
    "- **show me a table**\n"
    "- **write code**\n"
    "- **make a list**\n"
    "- **long answer**\n"
    "- **my name is** … and later **what is my name?**\n"
    "- **what did I say before?**\n"
    "- send a **file**, a **picture** or a **recording**, and I tell what I see and hear"
)
_DRAWING_MENU = "- **draw a lighthouse**, and then **make it night** or **add a boat**"
_TOOLS_MENU = (
    "- **use library order_book Emma**, which you can allow or refuse\n"
    "- **use look_up_person Jun**\n"
    "- **make a chart**, or ask what the **handbook** says"
)

_REPLIES: tuple[tuple[tuple[str, ...], Callable[[Talk], str]], ...] = (
    (("did i say", "did we say", "before?", "remember", "summar"), _memory),
    (("what is my name", "what's my name", "who am i", "know my name"), _name),
    (("my name is", "call me ", "i'm called", "i am called"), _introduction),
    (("table",), _table),
    (("code", "function", "python", "program"), _code),
    (("long answer", "long text", "story", "essay"), _long),
    (("list", "plan", "steps"), _list),
    (("thank",), _thanks),
    (("help", "what can you", "who are you", "what are you"), _help),
    (("hello", "hi ", "hi!", "hey", "good morning", "good evening"), _greeting),
    (("",), _anything),
)
