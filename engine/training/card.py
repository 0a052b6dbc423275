"""The model card, `cast/voices/README.md`: what the weights are, what they were made from, how good they are."""

from __future__ import annotations

import json

from engine.files import write_text
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE, Registry

#: Where the general text comes from, and under which licence it is used.
SOURCES = {
    "drama_en": "97 English-language plays or parts, about 1880-1925 (Standard Ebooks, CC0; Project Gutenberg, public domain)",
    "chat_en": "casual chat, 2018 (`chitchat-dataset`, BYU-PCCL, MIT)",
    "persona_chat_en": "Synthetic-Persona-Chat (google-research-datasets, CC BY 4.0; Jandaghi et al. 2023)",
    "drama_es": "24 Spanish plays, 1868-1936 (DraCor SpanDraCor, public domain)",
}


def write_card(troupe: Troupe) -> None:
    """Write the card from the headers of the weights."""
    lines = [
        "# Model card",
        "",
        "Written by `python -m engine.train` from the headers of the weights; do not edit.",
        "",
    ]
    for language, registry in Grounds(troupe).all.items():
        # A troupe whose only language has a base of its own has no shared one.
        if registry.has(BASE):
            lines += _ground(language, registry)
    write_text(troupe.voices / "README.md", "\n".join(lines[:-1]) + "\n")


def _ground(language: str, registry: Registry) -> list[str]:
    """A base and the voices that have grown from it."""
    base = registry.file(BASE)
    figures = base.figures
    recipe = json.loads(base.metadata.get("recipe", "{}"))
    of, folder = (f" of '{language}'", f"{language}/") if language else ("", "")
    lines = [
        f"## The base{of} (`{folder}base.safetensors`)",
        "",
        f"An LSTM language model of {recipe.get('layers')} layers of {recipe.get('width')} units, tied embedding, "
        f"{recipe.get('level')} vocabulary of {recipe.get('vocabulary')} ({figures.get('weights', 0) / 1e6:.1f} M weights, float16).",
        "",
        "Intended for playing, teaching and tinkering with characters of this project; it repeats what its plays and "
        "chats were like, knows nothing, and should not be asked for facts.",
        "",
        "Learned from:",
        "",
        *(f"- {SOURCES.get(source, source)}" for source in figures.get("sources", [])),
        "",
        "| held-out text | bits a character |",
        "|---|---|",
        *(f"| {name} | {bits:.3f} |" for name, bits in figures.get("held_out_bits_a_character", {}).items()),
        "",
        *(
            f"Beside it `{folder}{name}.safetensors`: a direction in its states that tells a sensible line, fitted to what readers"
            " said of drawn lines (`corpora/marks`).\n"
            for name in registry.senses
        ),
        f"## The voices{of}",
        "",
        "Low-rank changes of the base (`show.*`: all speakers of a show) or of their show (characters). Nats a token of "
        "the reply on validation scenes, before and after; epoch 0 means that nothing was better than the parent.",
        "",
        "| voice | parent | lines | parent's nats | nats | epoch | kB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in registry.names:
        header = registry.file(name)
        values = header.figures
        size = header.path.stat().st_size / 1000
        lines.append(
            f"| {name} | {header.parent} | {values.get('lines', '')} | {values.get('parent_nats', '')} | "
            f"{values.get('nats', '')} | {values.get('epoch', '')} | {size:,.0f} |"
        )
    return [*lines, ""]
