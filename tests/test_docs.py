"""What the documents say is so: states, settings, commands, names, pages; and the states' diagram written anew.

`python3 -m tests.test_docs` writes the diagram. That files named in the documents exist is checked in test_layout.py.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from sopbot.domain.transitions import diagram

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ARCHITECTURE = DOCS / "architecture.md"
BLOCK = re.compile(r"(?<=<!-- states:begin -->\n).*(?=<!-- states:end -->)", re.DOTALL)
LARGEST_PICTURE = 300_000  # bytes


def states_block() -> str:
    return f"```mermaid\n{diagram()}\n```\n"


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def texts() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages())


def table(page: Path, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    section = f"\n{page.read_text(encoding='utf-8')}".split(f"\n{heading}\n", 1)[1]
    lines = [line for line in section.split("\n\n#", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_diagram_of_states_is_the_one_of_the_code():
    found = BLOCK.search(ARCHITECTURE.read_text(encoding="utf-8"))
    assert found is not None
    assert found.group() == states_block(), "write it anew: python3 -m tests.test_docs"


def test_every_setting_has_its_row_and_its_default():
    from sopbot.settings import ROOT as INSTALLED
    from sopbot.settings import Settings

    rows = {row[0].strip("`"): row[1].strip("`") for row in table(DOCS / "operations.md", "## Settings")}
    fields = Settings.model_fields
    assert set(rows) == {f"SOPBOT_{name.upper()}" for name in fields} | {"SOPBOT_ENV_FILE"}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert {name for name in rows if f"{name}" not in example} == set()
    for name, field in fields.items():
        shown = rows[f"SOPBOT_{name.upper()}"]
        if field.default is None or name == "database_url":
            continue
        default = field.default.relative_to(INSTALLED) if isinstance(field.default, Path) else field.default
        assert shown == str(default), name


def commands() -> Iterator[str]:
    import typer.main

    from sopbot.cli.main import app

    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        yield name
        yield from (f"{name} {inner}" for inner in getattr(command, "commands", {}))


def test_every_command_that_is_named_exists():
    known = {*commands(), "test", "check"}
    named = re.findall(r"(?:run\.py|sopbot) ([a-z]+(?: [a-z]+)?)", "\n".join(code_in(texts())))
    groups = {one.partition(" ")[0] for one in known if " " in one}
    wrong = [
        words
        for words in named
        if (words not in known if words.partition(" ")[0] in groups and " " in words else words.split()[0] not in known)
    ]
    assert len(named) > 20
    assert wrong == []


def code_in(text: str) -> list[str]:
    """What stands in backquotes, in a block or in a line: a command there is one to type."""
    block = re.compile(r"^```\w*\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
    return [*block.findall(text), *re.findall(r"`([^`\n]+)`", block.sub("", text))]


def test_every_name_in_the_glossary_is_one_of_the_code():
    sources = [path for name in ("sopbot", "handlers") for path in (ROOT / name).rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    rows = table(DOCS / "glossary.md", "# Glossary")
    names = {part for row in rows for name in re.findall(r"`([\w.]+)`", row[1]) for part in name.split(".")}
    assert len(rows) > 35
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", code)] == []


def test_every_page_is_linked_and_every_heading_that_is_linked_exists():
    overview = (DOCS / "README.md").read_text(encoding="utf-8")
    listed = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page != DOCS / "README.md"]
    assert [page for page in listed if f"]({page})" not in overview] == []
    wrong = []
    for page in pages():
        for target, anchor in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", page.read_text(encoding="utf-8")):
            other = (page.parent / target) if target else page
            headings = re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), flags=re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
            wrong += [f"{page.name}: {target}#{anchor}"] if anchor not in slugs else []
    assert wrong == []


def test_decisions_are_numbered_without_gaps_and_have_their_parts():
    found = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in found] == list(range(1, len(found) + 1))
    for page in found:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. "), page.name
        assert all(f"\n## {part}\n" in text for part in ("Context", "Decision", "Consequences")), page.name


def test_pictures_are_small_and_shown():
    pictures = list((DOCS / "pictures").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []
    assert [picture.name for picture in pictures if f"pictures/{picture.name})" not in texts()] == []


if __name__ == "__main__":
    ARCHITECTURE.write_text(
        BLOCK.sub(lambda _: states_block(), ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8"
    )
