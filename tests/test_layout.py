"""The project's shape: mirrored tests, small modules, empty packages, layers that name every module, clean files."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("sopbot", "handlers")
NOT_MIRRORED = ("__init__.py", "__main__.py")
MOST_LINES = 400

# Hosts of package registries and mirrors: a project that names one breaks behind another. In pieces, so that this
# file does not hold what it looks for.
HOSTS = ("pypi.", "files.pythonhosted.", "test.pypi.", "registry.npmjs.", "deb.debian.", "archive.ubuntu.", "docker.")
ENDINGS = ("org", "com", "io")
FORBIDDEN = re.compile("|".join(re.escape(host + end) for host in HOSTS for end in ENDINGS))


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


def test_of(module: Path) -> Path:
    return Path("tests", *module.parts[:-1], f"test_{module.name}")


test_of.__test__ = False


def imports_of(path: Path) -> Iterator[str]:
    """Yield the top-level package of every import in the file, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    hidden = (".venv", ".git", "data")  # unpacked from an archive: whatever is there, but what is made here
    return [path for path in ROOT.rglob("*") if path.is_file() and path.relative_to(ROOT).parts[0] not in hidden]


def test_every_module_has_its_mirrored_test_file():
    mirrored = [module for module in modules() if module.name not in NOT_MIRRORED]
    assert [str(module) for module in mirrored if not (ROOT / test_of(module)).is_file()] == []


def test_every_test_file_mirrors_a_module():
    expected = {test_of(module) for module in modules()}
    found = {path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / "tests" / name).rglob("test_*.py")}
    assert sorted(map(str, found - expected)) == []


def test_modules_fit_one_reading():
    files = [*modules(), Path("run.py")]
    long = {str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: lines for path, lines in long.items() if lines > MOST_LINES} == {}


def test_package_files_are_empty():
    packages = [module for module in modules() if module.name == "__init__.py"]
    assert len(packages) > len(PACKAGES)
    assert [str(path) for path in packages if (ROOT / path).read_text(encoding="utf-8").strip()] == []


def test_every_module_but_the_command_line_says_what_it_holds():
    described = [path for path in modules() if path.name not in NOT_MIRRORED]
    bare = [str(path) for path in described if not ast.get_docstring(ast.parse((ROOT / path).read_bytes()))]
    assert bare == []


def test_the_layers_name_every_part_of_sopbot():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(c for c in config["tool"]["importlinter"]["contracts"] if c["type"] == "layers")["layers"]
    named = set(re.findall(r"[\w.]+", " ".join(layers)))
    parts = {f"sopbot.{path.parts[1].removesuffix('.py')}" for path in modules() if path.parts[0] == "sopbot"}
    assert sorted(parts - named - {"sopbot.__init__"}) == []


def test_the_domain_imports_the_standard_library_only():
    strangers = {
        f"{path}: {name}"
        for path in modules()
        if path.parts[:2] == ("sopbot", "domain")
        for name in imports_of(ROOT / path)
        if name not in sys.stdlib_module_names and name != "sopbot"
    }
    assert strangers == set()


def test_migrations_stand_alone():
    files = list((ROOT / "migrations").rglob("*.py"))
    assert [str(path) for path in files if set(imports_of(path)).intersection(PACKAGES)] == []


def test_no_file_names_a_package_registry(tracked):
    assert tracked
    found = {
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked
        if (match := FORBIDDEN.search(path.read_text(encoding="utf-8", errors="ignore")))
    }
    assert found == set()


def test_the_lock_files_hold_hashes_and_no_address():
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9-]+==\S+", text, flags=re.MULTILINE)
        assert len(pins) > 30
        assert text.count("==") == len(pins) + text.count(" == ")
        assert all(f"{pin} \\\n    --hash=sha256:" in text or f"{pin} ; " in text for pin in pins)
        assert "://" not in text


def test_what_the_documents_name_exists():
    missing = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text(encoding="utf-8")
        links = [page.parent / link for link in re.findall(r"\]\((?!\w+:)([^)#]+)", text)]
        files = [ROOT / name for name in re.findall(r"`((?:sopbot|handlers|tests|migrations)/[\w/.]+)`", text)]
        missing += [f"{page.name}: {path}" for path in [*links, *files] if not path.exists()]
    assert missing == []


def test_the_image_copies_only_what_is_there():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        source for line in lines if line.startswith("COPY ") and "--from" not in line for source in line.split()[1:-1]
    ]
    assert {"sopbot", "handlers", "migrations", "sop_definitions"} <= set(copied)
    assert [source for source in copied if not (ROOT / source).exists()] == []
