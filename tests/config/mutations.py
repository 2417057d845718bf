"""Files that somebody could have written by mistake, made from the four environments' files.

Separate from the test that checks them because another one synthesises those that are accepted.
"""

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlplatform.config.document import LARGEST_FILE, parse, read
from mlplatform.config.load import FOLDER, environments, examine
from mlplatform.config.settings import Settings
from tests.config.mutation_values import BAD, GOOD, JUNK

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_261_124

Values = dict[str, Any]


@dataclass(frozen=True)
class Mutation:
    """One changed file."""

    kind: str
    """What was done to it."""
    base: str
    """The environment that it was made from."""
    content: bytes


def mutations(count: int = 2_000, seed: int = SEED) -> list[Mutation]:
    """Return that many mutations, of every kind, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    bases = {name: (_values(name), (ROOT / FOLDER / f"{name}.yaml").read_bytes()) for name in environments(ROOT)}
    kinds = list(_KINDS.items())
    made: list[Mutation] = []
    while len(made) < count:
        kind, mutate = kinds[len(made) % len(kinds)]
        name = chance.choice(sorted(bases))
        values, text = bases[name]
        made.append(Mutation(kind, name, mutate(copy.deepcopy(values), text, chance)))
    return made


def accepted(count: int = 50, seed: int = SEED) -> list[Settings]:
    """Return the settings of that many mutations that the checks accept, each of a name of its own and all different."""
    found: dict[str, Settings] = {}
    for mutation in mutations(seed=seed):
        if mutation.kind not in ALWAYS_ACCEPTED | MAY_BE_ACCEPTED:
            continue
        settings, _ = examine(f"mutant-{len(found)}", parse(mutation.content))
        if settings:
            found.setdefault(settings.model_dump_json(exclude={"name"}), settings)
        if len(found) == count:
            return list(found.values())
    raise AssertionError(f"only {len(found)} of the mutations are accepted and different")


def _values(name: str) -> Values:
    return read(ROOT / FOLDER / f"{name}.yaml").values


def _dump(values: Any) -> bytes:
    """Return values as JSON, which is YAML."""
    return json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _set(values: Values, path: str, value: Any) -> bytes:
    *outer, last = path.split(".")
    inner = values
    for key in outer:
        inner = inner.setdefault(key, {})
    inner[last] = value
    return _dump(values)


def _good(values: Values, _: bytes, chance: random.Random) -> bytes:
    path = chance.choice(sorted(GOOD))
    return _set(values, path, chance.choice(GOOD[path]))


def _bad(values: Values, _: bytes, chance: random.Random) -> bytes:
    path = chance.choice(sorted(BAD))
    return _set(values, path, chance.choice(BAD[path]))


def _junk(values: Values, _: bytes, chance: random.Random) -> bytes:
    path = chance.choice(sorted({*GOOD, *BAD} - {"tags"}))
    return _set(values, path, chance.choice(JUNK))


def _unknown_key(values: Values, _: bytes, chance: random.Random) -> bytes:
    section = chance.choice(
        [
            "",
            "network.",
            "cluster.",
            "cluster.system_nodes.",
            "cluster.addons.",
            "compute.",
            "compute.pools.gpu.",
            "images.",
            "database.",
            "storage.",
            "kubeflow.",
            "ingress.",
            "sign_in.",
            "tenants.vision.",
            "tenants.language.quota.",
        ]
    )
    return _set(values, section + chance.choice(["nme", "region_name", "natGateways", "kms", "名字", "__class__", "x" * 500, "name "]), 1)


def _missing_key(values: Values, _: bytes, chance: random.Random) -> bytes:
    del values[chance.choice(["account", "region", "stage"])]
    return _dump(values)


def _other_partition(values: Values, _: bytes, chance: random.Random) -> bytes:
    other, zone = ("aws", "us-east-1a") if values["region"].startswith("cn-") else ("aws-cn", "cn-north-1a")
    wrong: dict[str, Any] = {
        "cluster.administrators": [f"arn:{other}:iam::123456789012:role/admin"],
        "network.availability_zones": [zone, f"{zone[:-1]}b"],
        "ingress.certificate": {"acm": f"arn:{other}:acm:{zone[:-1]}:123456789012:certificate/{'a' * 36}"},
    }
    path = chance.choice(sorted(wrong))
    return _set(values, path, wrong[path])


def _duplicate_key(_: Values, text: bytes, chance: random.Random) -> bytes:
    lines = text.decode().splitlines()
    keys = [line for line in lines if line and not line.startswith((" ", "#"))]
    return "\n".join([*lines, chance.choice(keys), ""]).encode()


def _alias_bomb(_: Values, text: bytes, chance: random.Random) -> bytes:
    levels = chance.randint(2, 60)
    bomb = ["a0: &a0 [x, x]", *(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels))]
    return text + "\n".join(bomb).encode() + b"\n"


def _tag(_: Values, text: bytes, chance: random.Random) -> bytes:
    tag = chance.choice(["!!python/object/apply:os.system ['true']", "!!str x", "!custom x", "!!binary aGk=", "!!set {a}"])
    return text + f"extra: {tag}\n".encode()


def _not_yaml(_: Values, text: bytes, chance: random.Random) -> bytes:
    return text + chance.choice(
        [b"{", b"a: [1, 2\n", b"\t- x\n", b"a: 'b\n", b"@x: y\n", b"a: b: c\n", b"%YAML 1.1\n", b"- x\n", b"a: \x07\n"]
    )


def _not_settings(_: Values, __: bytes, chance: random.Random) -> bytes:
    return chance.choice(
        [b"", b"\n\n", b"# only a comment\n", b"42\n", b"just words\n", b"- a\n- b\n", b"null\n", b"---\n...\n", b"\xef\xbb\xbf"]
    )


def _not_text(_: Values, text: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice([b"\xff", b"\xc3\x28", b"\x00", b"\xed\xa0\x80", b"\x1b[31m"]) + text[at:]


def _huge(values: Values, text: bytes, chance: random.Random) -> bytes:
    match chance.randrange(5):
        case 0:
            return text + b"#" * (LARGEST_FILE + chance.randrange(10**6))
        case 1:
            return _set(values, "tags", {f"key-{number}": "v" for number in range(100)})
        case 2:
            return _set(values, "cluster.administrators", ["x"] * 300)
        case 3:
            return text + b"storage: {noncurrent_days: " + b"9" * 6_000 + b"}\n"
        case _:
            return text + b"deep: " + b"[" * 100 + b"]" * 100 + b"\n"


def _second_document(_: Values, text: bytes, chance: random.Random) -> bytes:
    return text + b"---\n" + chance.choice([b"", b"a: b\n", text])


def _noise(__: Values, text: bytes, chance: random.Random) -> bytes:
    """Change a few bytes anywhere, as a slip of the hand does."""
    content = bytearray(text)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(content))
        match chance.randrange(3):
            case 0:
                content[at] = chance.randrange(32, 127)
            case 1:
                del content[at]
            case _:
                content[at:at] = chance.choice([b"  ", b":", b"-", b"'", "é".encode(), "\u3000".encode(), b"\n"])
    return bytes(content)


_KINDS: dict[str, Callable[[Values, bytes, random.Random], bytes]] = {
    "good value": _good,
    "bad value": _bad,
    "another bad value": _bad,
    "junk": _junk,
    "unknown key": _unknown_key,
    "missing key": _missing_key,
    "other partition": _other_partition,
    "duplicate key": _duplicate_key,
    "alias bomb": _alias_bomb,
    "tag": _tag,
    "not YAML": _not_yaml,
    "not settings": _not_settings,
    "not text": _not_text,
    "huge": _huge,
    "second document": _second_document,
    "noise": _noise,
}
ALWAYS_ACCEPTED = {"good value"}
MAY_BE_ACCEPTED = {"junk", "noise", "not text"}


def written(folder: Path, made: list[Mutation]) -> Iterator[tuple[str, Mutation]]:
    """Write mutations as environments of a repository in a folder and yield the name of each."""
    (folder / FOLDER).mkdir(parents=True)
    for number, mutation in enumerate(made):
        name = f"mutant-{number}"
        (folder / FOLDER / f"{name}.yaml").write_bytes(mutation.content)
        yield name, mutation
