"""Encodings where nothing says which: few words are enough."""

from __future__ import annotations

import pytest

from engine.formats import encodings, table_kinds
from engine.formats.encodings import ENCODINGS, found_encoding, known_encoding
from engine.formats.table_format import TableError
from engine.formats.table_kinds import recognised

WORDS: list[tuple[str, tuple[str, ...]]] = [
    ("cp1252", ("größe", "Äpfel", "Birnen")),
    ("cp1252", ("élevé", "à côté")),
    ("cp1252", ("niño", "señal")),
    ("cp1252", ("“Äpfel” 5 €", "x")),
    ("cp1252", ("“A” 5 €", "b")),
    ("cp1250", ("žlutý", "červený")),
    ("cp1250", ("żółty", "łódź")),
    ("cp1254", ("sarı", "yeşil")),
    ("cp1251", ("Пёс", "Кот")),
    ("cp1251", ("да", "нет")),
    ("koi8-r", ("собака", "кошка")),
    ("cp1253", ("σκύλος", "γάτα")),
    ("cp1256", ("سرخ", "سبز")),
    ("cp1256", ("گل", "پل")),
    ("cp1256", ("خوش خيم", "بدخيم")),
    ("cp1256", ("قط", "كلب")),
    ("cp1255", ("כלב", "חתול")),
    ("cp932", ("犬", "猫")),
    ("cp932", ("いぬ", "ネコ")),
    ("gb18030", ("狗", "猫")),
    ("gb18030", ("健康", "疾病")),
    ("cp949", ("개", "고양이")),
    ("utf-8", ("گل", "پل")),
    ("utf-16-le", ("گل", "پل")),
    ("utf-16-be", ("a", "b")),
]


@pytest.mark.parametrize(("encoding", "words"), WORDS)
def test_some_words_between_numbers_tell_the_encoding(encoding: str, words: tuple[str, ...]) -> None:
    rows = [f"{n * 0.37:.2f};{n * -0.21:.2f};{words[n % len(words)]}" for n in range(12)]

    assert found_encoding("\r\n".join(["x;y;class", *rows]).encode(encoding)) == encoding


def test_long_words_cost_no_more_than_their_different_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    share = encodings._share

    def counted(letter: str, ranks: dict[str, int]) -> float:
        asked.append(letter)
        return share(letter, ranks)

    monkeypatch.setattr(encodings, "_share", counted)
    rows = [f"{n};{'سرخ' * (n + 100)};{'سبز' * 200}" for n in range(200)]

    assert found_encoding("\n".join(rows).encode("cp1256")) == "cp1256"
    assert len(asked) < 100_000


def test_a_long_text_of_ascii_is_not_tried_from_each_of_its_letters() -> None:
    assert found_encoding(b"x;" + b"a" * 1_000_000 + b"\n1;" + "größe;Äpfel".encode("cp1252")) == "cp1252"


def test_words_of_any_length_alone_leave_the_usual_encoding() -> None:
    assert found_encoding("سرخ".encode("cp1256") * 10_000) == "cp1252"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_at_the_beginning_is_believed(encoding: str) -> None:
    assert found_encoding("x,y\n1,2\n".encode(encoding)) == encoding


def test_all_encodings_that_can_be_chosen_are_known_and_others_are_not() -> None:
    assert all(known_encoding(name) == name for name in ENCODINGS)
    assert known_encoding("windows-1256") == "cp1256"
    assert [known_encoding(name) for name in ("nonsense", "", "rot13", "zip", "\0", "گل")] == [None] * 6


@pytest.mark.parametrize("name", ["idna", "punycode", "undefined"])
def test_what_reads_only_some_bytes_is_no_encoding_of_texts(name: str) -> None:
    assert known_encoding(name) is None


@pytest.mark.parametrize("piece", range(1, 9))
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_text_is_the_same_wherever_it_is_cut_into_pieces(
    encoding: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "x,y,class\n1,2,گل\n3,4,😀\n"
    monkeypatch.setattr(table_kinds, "PIECE", piece)
    assert recognised(text.encode(encoding), encoding).content.decode() == text


@pytest.mark.parametrize("content", ["1,2\n".encode("utf-16") + b"\0", b"1\x00\x00\xd8", b"\x00\xd82\x00"])
def test_a_text_that_ends_within_a_letter_is_none(content: bytes) -> None:
    with pytest.raises(TableError, match="not all of it is UTF-16"):
        recognised(content, "utf-16")
