"""One thing the product does is one function that does it, and all of them are called alike."""

import importlib
import inspect
import re

VERB_NOUN = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def test_operations_take_keywords_only(sources):
    assert [
        f"{name}({parameter.name})"
        for name, signature in _operations(sources)
        for parameter in signature.parameters.values()
        if parameter.kind not in {parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD}
    ] == []


def test_operations_are_annotated(sources):
    operations = _operations(sources)

    assert [name for name, signature in operations if signature.return_annotation is signature.empty] == []
    assert [
        f"{name}({parameter.name})"
        for name, signature in operations
        for parameter in signature.parameters.values()
        if parameter.annotation is parameter.empty
    ] == []


def test_operations_are_named_verb_noun(sources):
    assert [name for name, _ in _operations(sources) if not VERB_NOUN.fullmatch(name.rpartition(".")[2])] == []


def _operations(sources):
    """Name and signature of each public function that a room's `operations` offers.

    Where they are a package, these are what its `__init__` names; its modules may do more for each other.
    """
    found = []
    for source in sources:
        parts = source.name.removesuffix(".py").removesuffix("/__init__").split("/")
        if parts[1:] != ["operations"]:
            continue
        module = importlib.import_module(".".join(["coranto", *parts]))
        found += [
            (f"{module.__name__}.{name}", inspect.signature(value))
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__.startswith(module.__name__) and not name.startswith("_")
        ]
    return found
