from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import AuthoredError
from engine.sheets.authored import Authored, load, nearest
from engine.sheets.persona import Persona, Tone
from engine.sheets.scenario import Scenario


class Inner(Authored):
    speaker: str
    tone: Tone | None = None


class Sheet(Authored):
    name: str
    heat: float = 0.5
    lines: tuple[Inner, ...] = ()
    extra: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sheet.yaml"


def faults(path: Path, text: str, model: type[Authored] = Sheet) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoredError) as raised:
        load(path, model)
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults]


def test_every_fault_at_once_with_its_place(path: Path) -> None:
    text = """\
name: 7
heaat: 1
heat: warm
lines:
  - {speaker: ana, tone: angry}
  - {tone: furios}
"""
    assert faults(path, text) == [
        "1:7: name: 7 should be text",
        "2:1: 'heaat' is not a field here (did you mean 'heat'?)",
        "3:7: heat: 'warm' should be a number",
        "5:26: tone: 'angry' is not one of furious, tender, pleading, icy, mocking, terrified, triumphant, confessing, "
        "weeping, scheming, joyful, weary, defiant, shocked (did you mean 'weary'?)",
        "6:5: 'speaker' is missing",
        "6:12: tone: 'furios' is not one of furious, tender, pleading, icy, mocking, terrified, triumphant, confessing, "
        "weeping, scheming, joyful, weary, defiant, shocked (did you mean 'furious'?)",
    ]


def test_the_traps_of_yaml_1_1_are_not_there(path: Path) -> None:
    text = (
        "name: No\nextra: {a: 12:30, b: yes, c: 010, d: 1_000, e: '7', f: ~, g: 2001-01-01, h: 1e3, i: true, <<: x}\n"
    )
    path.write_text(text, encoding="utf-8")
    value = load(path, Sheet).value
    assert value.name == "No"
    assert value.extra == {
        "a": "12:30", "b": "yes", "c": 10, "d": "1_000", "e": "7", "f": None, "g": "2001-01-01", "h": 1000.0,
        "i": True, "<<": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: empty, or not a list of `field: value` lines"),
        ("- a\n", "1:1: empty, or not a list of `field: value` lines"),
        ("name: a\nname: b\n", "2:1: 'name' stands here twice"),
        (
            "name: !!python/object:os.system x\n",
            "1:7: the tag tag:yaml.org,2002:python/object:os.system is not allowed",
        ),
        ("name: a\n? [x]\n: y\n", "2:3: a field's name must be plain text"),
        (
            "name: [a\n",
            "2:1: YAML: expected ',' or ']', but got '<stream end>' (a comma or a closing bracket is missing)",
        ),
        (
            "name: a\n  extra: {}\n",
            "2:8: YAML: mapping values are not allowed here (put text with a colon in quotes; or",
        ),
        (
            "extra:\n   a: b\n  c: d\n",
            "3:3: YAML: expected <block end>, but found '<block mapping start>' (this line or the one",
        ),
        (
            'name: "a\nextra: {a: "b"}\n',
            "2:13: YAML: expected <block end>, but found '<scalar>' (more text where a value has",
        ),
        ('name: "a\n', "2:1: YAML: found unexpected end of stream (a quote is not closed)"),
        ("name: a\nextra\n", "YAML: could not find expected ':' (a field is written `name: value`)"),
        ("name: *a\n", "1:7: YAML: found undefined alias 'a' (put text that begins with * in quotes)"),
        ("name: @a\n", "1:7: YAML: found character '@' that cannot start any token (put this text in quotes)"),
        ("name: a\nextra:{a: b}\n", "'extra:{a' is not a field here (a space belongs after the colon)"),
        ("name:\n\t- a\n", "2:1: YAML: found character '\\t' that cannot start any token (indent with spaces)"),
        ("extra: {a: who?, b: c}\n", "but got '?' (put text with a ? in quotes)"),
        ("name: a\n---\nname: b\n", "2:1: YAML: but found another document"),
        ("name: a\x07\n", "1:1: YAML: not readable (a control character, or too deep)"),
        ("name: &a [*a]\n", "aliases or nesting expand to too much"),
    ],
)
def test_what_is_no_sheet(path: Path, text: str, said: str) -> None:
    assert any(said in fault for fault in faults(path, text))


def test_an_alias_bomb_is_refused_quickly(path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert "aliases or nesting expand to too much" in faults(path, bomb)[0]


def test_a_missing_space_and_a_decimal_comma_are_told(path: Path) -> None:
    told = faults(path, "name: a\nlines: [{speaker:ana, tone: icy}]\nextra: {}\n")
    assert any("'speaker:ana' is not a field here (a space belongs after the colon)" in fault for fault in told)
    told = faults(path, "name: a\nlines: [{speaker: ana, strength: 0,5}]\n")
    assert any("'5' is not a field here (a number is written with a point: 0.5)" in fault for fault in told)


def test_files_that_cannot_be_read(path: Path) -> None:
    (path.parent / "soraya.yaml").write_text("name: Soraya\n")
    with pytest.raises(AuthoredError) as raised:
        load(path.parent / "sorya.yaml", Sheet)
    assert str(raised.value) == f"{path.parent}/sorya.yaml:1:1: no such file (did you mean 'soraya.yaml'?)"
    path.write_bytes(b"name: \xff\n")
    with pytest.raises(AuthoredError, match="cannot be read: not UTF-8 text"):
        load(path, Sheet)
    with pytest.raises(AuthoredError, match="cannot be read: Is a directory"):
        load(path.parent, Sheet)


def test_a_fault_quotes_the_line(path: Path) -> None:
    path.write_text("name: a\nheat: warm\n", encoding="utf-8")
    with pytest.raises(AuthoredError) as raised:
        load(path, Sheet)
    assert str(raised.value) == f"{path}:2:7: heat: 'warm' should be a number\n    heat: warm\n          ^"


@given(st.binary(max_size=200))
def test_whatever_bytes_are_a_sheet_or_a_fault(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "sheet.yaml"
    path.write_bytes(data)
    with pytest.raises(AuthoredError):
        load(path, Persona)


plain = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=20))
values = st.recursive(
    plain, lambda each: st.one_of(st.lists(each, max_size=4), st.dictionaries(st.text(max_size=8), each, max_size=4))
)


@given(st.dictionaries(st.sampled_from([*Scenario.model_fields, "x"]), values))
def test_whatever_fields_are_a_scene_or_faults_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("fields") / "scene.yaml"
    text = yaml.safe_dump(data, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoredError) as raised:
        load(path, Scenario)
    lines = len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text))  # what YAML 1.1 takes for a line break
    assert all(1 <= fault.line <= lines and fault.column >= 1 for fault in raised.value.faults)


def test_the_nearest_name() -> None:
    assert nearest("Sorya", ["soraya", "maria"]) == " (did you mean 'soraya'?)"
    assert nearest("x", ["soraya"]) == ""


MANY = 9_000


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"f{number}: 1\n" for number in range(MANY)),
        "moods: {" + ", ".join(f"fu{number}: 1" for number in range(MANY)) + "}\n",
        "phrases: [" + ", ".join("1" for _ in range(2 * MANY)) + "]\n",
        "a: 1\n" * MANY,
        "phrases:\n" + "- !x y\n" * MANY,
        "".join(f"f{number}: 1\n" for number in range(100_000)),
        "a: [" * 50_000,
        "a:" + "[" * 100_000,
        "a: b\n" * 100_000 + ": :",
        "aliases: &a [x]\n" + "".join(f"f{number}: *a\n" for number in range(MANY)),
        "relations:\n" + "".join(f"  x{number}: {{kind: frend}}\n" for number in range(MANY // 2)),
        "notes: " + "x" * 2_000_000,
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_refusing_many_faults_takes_no_time_and_says_little(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("name: Ana\n" + text, encoding="utf-8")
    started = time.process_time()
    with pytest.raises(AuthoredError) as raised:
        load(path, Persona)
    assert len(str(raised.value)) < 10_000
    assert time.process_time() - started < 2.0  # half that on an idle machine
