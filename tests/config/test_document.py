from pathlib import Path

import pytest

from mlplatform.config.document import DEEPEST, LARGEST_FILE, parse, read


def refused(content: bytes | str) -> list[str]:
    document = parse(content.encode() if isinstance(content, str) else content)
    return [f"{problem.line}: {problem.path}: {problem.message}; {problem.remedy}" for problem in document.problems]


def test_values_are_read_by_the_rules_of_yaml_1_2():
    document = parse(b"on: yes\noctal: 0o17\nnumber: 010\ndate: 2026-01-01\nnothing:\n1.36x: ~\nflag: true\n")
    assert document.problems == []
    assert document.values == {
        "on": "yes",
        "octal": 15,
        "number": 10,
        "date": "2026-01-01",
        "nothing": None,
        "1.36x": None,
        "flag": True,
    }


def test_each_setting_knows_its_line_and_one_that_is_absent_the_line_around_it():
    document = parse(b"a: 1\nb:\n  c:\n    - x\n    - {d: 2}\n")
    assert {path: document.line(path) for path in ("a", "b.c[1].d", "b.c[7]", "b.e.f", "z")} == {
        "a": 1,
        "b.c[1].d": 5,
        "b.c[7]": 3,
        "b.e.f": 2,
        "z": None,
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "None: : is empty; give account, region and stage; `mlp config new --help` shows how a file is begun"),
        ("- a\n", "None: : does not hold settings by name; write `key: value` lines, beginning with account, region and stage"),
        ("a: 1\nb: 2\na: 3\n", "3: a: is given twice, first on line 1; keep one of them"),
        ("a: {b: 1, b: 2}\n", "1: a.b: is given twice, first on line 1; keep one of them"),
        ("a: &x 1\n", "1: : has an anchor, &x; remove it, and write the value out where it is used"),
        ("a: *x\n", "1: : has an alias, *x; write the value out"),
        ("a: !!str 1\n", "1: : has a tag, 'tag:yaml.org,2002:str'; remove it: a value's type is seen from how it is written"),
        ("a: 1\n---\nb: 2\n", "2: : holds a second document; remove the --- and what follows: one file is one environment"),
        ("%YAML 1.1\n---\na: yes\n", "2: : has a % directive; remove it: the file is YAML 1.2"),
        ("a:\n  1.30: x\n", "2: a: has the key '1.30', which is not text; put it in quotes"),
        ("? [a]\n: b\n", "1: : has the key a list or mapping, which is not text; put it in quotes"),
        ("a: 'x\n", "2: : is not YAML: found unexpected end of stream; correct the line"),
        ("a: b: c\n", "1: : is not YAML: mapping values are not allowed here; correct the line"),
        ('a: "\\ud800"\n', "1: a: '\\ud800' is half of a surrogate pair; write the character itself"),
        (b"a: \xff\n", "None: : is not UTF-8 at byte 3; save it as UTF-8"),
    ],
)
def test_what_settings_do_not_need_is_refused_with_its_line(content: bytes | str, said: str):
    assert refused(content) == [said]


def test_a_character_that_no_text_has_is_refused():
    assert "special characters are not allowed" in refused(b"a: \x00\n")[0]


def test_an_alias_bomb_is_refused_at_its_first_anchor():
    levels = ["a0: &a0 [x]", *(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 40))]
    assert refused("\n".join(levels)) == ["1: : has an anchor, &a0; remove it, and write the value out where it is used"]


def test_nesting_without_end_is_refused_before_anything_is_built():
    assert refused("a: " + "[" * 30_000) == [f"1: : nests deeper than {DEEPEST} levels; remove the brackets that are too many"]


def test_a_file_without_end_is_refused_unread(tmp_path: Path):
    file = tmp_path / "big.yaml"
    with file.open("wb") as stream:
        stream.truncate(10 * LARGEST_FILE)
    assert [problem.message for problem in read(file).problems] == [f"has more than {LARGEST_FILE} bytes"]


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path):
    assert [problem.message for problem in read(tmp_path).problems] == ["is not a file"]


def test_a_number_too_long_for_python_stays_text():
    assert parse(b"a: " + b"9" * 5_000).values == {"a": "9" * 5_000}
