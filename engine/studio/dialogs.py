"""What the room asks in the middle of the screen: a line of text, one of a list, one of two takes, and the help."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static

from engine.text import printable


class Ask(ModalScreen[str | None]):
    """One line of text; None when it is called off."""

    BINDINGS = [Binding("escape", "dismiss(None)", "leave")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, question: str, value: str = "", hint: str = ""):
        super().__init__()
        self._question, self._value, self._hint = question, value, hint

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(printable(self._question)), classes="question")
            yield Input(self._value, placeholder=self._hint)
            with Horizontal(classes="buttons"):
                yield Button("OK (enter)", id="ok", variant="primary", compact=True)
                yield Button("Leave (esc)", id="leave", compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(self.query_one(Input).value if event.button.id == "ok" else None)


class Pick(ModalScreen[int | None]):
    """One of a list, by its place; None when it is called off. Options may still come while it is open."""

    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("escape", "dismiss(None)", "leave"),
        *(Binding(str(number), f"pick({number - 1})", show=False) for number in range(1, 10)),
    ]

    def __init__(self, question: str, options: Sequence[str] = ()):
        super().__init__()
        self._question, self._options = question, list(options)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(printable(self._question)), classes="question")
            yield OptionList(*(self._numbered(number) for number in range(len(self._options))), markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Leave (esc)", id="leave", compact=True)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def offer(self, option: str) -> None:
        """One more, at the end."""
        self._options.append(option)
        self.query_one(OptionList).add_option(self._numbered(len(self._options) - 1))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)

    def on_button_pressed(self) -> None:
        self.dismiss(None)

    def action_pick(self, number: int) -> None:
        if number < len(self._options):
            self.dismiss(number)

    def _numbered(self, number: int) -> Text:
        return Text(printable(f"{number + 1} {self._options[number]}"))


class SideBySide(ModalScreen[str | None]):
    """Two takes beside each other: by the old sheet and by the new one. `old` or `new`."""

    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("escape,enter,n", "dismiss('new')", "new"),
        Binding("o", "dismiss('old')", "old"),
    ]

    def __init__(self, old: str, new: str):
        super().__init__()
        self._old, self._new = old, new

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with Horizontal(id="sides"):
                for name, said in (("old", self._old), ("new", self._new)):
                    with Vertical(classes="side"):
                        yield Static(Text(f"With the {name} sheet", style="bold"))
                        yield Static(Text(printable(said)), id=f"said-{name}")
            with Horizontal(classes="buttons"):
                yield Button("Say the old one (o)", id="old", compact=True)
                yield Button("Say the new one (enter)", id="new", variant="primary", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id)


class Help(ModalScreen[None]):
    """All keys, and what they do."""

    BINDINGS = [Binding("escape,enter,q,question_mark", "dismiss(None)", "leave")]  # noqa: RUF012 - as Textual has it

    def __init__(self, text: str):
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog tall"):
            yield Static(Text(self._text))
            yield Button("Leave (esc)", id="leave", compact=True)

    def on_button_pressed(self) -> None:
        self.dismiss(None)
