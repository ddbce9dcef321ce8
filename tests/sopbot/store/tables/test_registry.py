import importlib
import pkgutil

from sopbot.store import tables
from sopbot.store.tables.base import Stored
from sopbot.store.tables.registry import MODULES, metadata

TABLES = [
    "assignment",
    "card",
    "chain",
    "chat_hold",
    "denial",
    "deployment",
    "dialog",
    "inbox",
    "instance",
    "invitation",
    "meta",
    "officer",
    "outbox",
    "sop_version",
    "trail",
]


def test_every_module_of_tables_is_registered():
    names = {one.name for one in pkgutil.iter_modules(tables.__path__)} - {"base", "registry"}
    assert {importlib.import_module(f"sopbot.store.tables.{name}") for name in names} == set(MODULES)


def test_all_tables_are_known():
    assert sorted(metadata.tables) == sorted(TABLES)


def test_table_classes_hold_columns_only():
    for model in Stored.__subclasses__():
        own = {name for name, value in vars(model).items() if callable(value) and not name.startswith("_")}
        assert own == set(), model.__name__
        assert not model.__sqlmodel_relationships__
