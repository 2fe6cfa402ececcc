"""The rows that answer a question: one function for each kind of frame. Figures have a module of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import NamedNode

from extract.text.normalize import name_key, print_line
from kg.graph.query import load_named_query, run_query
from kg.graph.result import format_term, load_columns
from kg.report.ask.coverage import covers, is_numbered, make_wanted, surround
from kg.report.ask.grammar import QuestionGrammar, get_text, load_query
from kg.report.ask.model import AnswerRow, Named, QuestionReading
from kg.report.facts import Facts
from kg.report.model import Amount, Excerpt
from kg.report.texts import Texts
from kg.store.store import Store
from ontology.labels import name_value
from ontology.terms import DCTERMS, PK

_DCTERMS = frozenset({"issued", "title"})
_LETTERS = ("LeadReply", "CoHandlingOpinion", "PolicyInstrument", "Proposal")
_LONGEST_PART = 240
_SAID = frozenset({"Commitment", "Measure"})
"""Parts that are named by who says them, not by their document."""
_NOTHING: tuple[frozenset[str], tuple[str, ...]] = (frozenset(), ())
_ENDS = {"subject": "object", "object": "subject"}


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of an answer and the query that gave them."""

    rows: tuple[AnswerRow, ...]
    query: str
    hidden: int = 0
    """Rows that are left out because there are so many."""


class Finder:
    """Finds the rows for readings in one store."""

    def __init__(self, store: Store, facts: Facts, grammar: QuestionGrammar) -> None:
        self.store, self.facts, self.grammar = store, facts, grammar
        self.is_single = True
        """Whether the question asks one thing only, so that the words of a whole document may hold what it says."""
        self._documents: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        self._kinds: Mapping[str, Callable[[QuestionReading], Found]] = {
            "statement": self._find_statements, "fact": self._find_facts, "parts": self._find_parts,
            "replies": self._find_replies, "named": self._find_named, "report": self._find_in_report,
        }  # fmt: skip

    def find(self, reading: QuestionReading) -> Found:
        """Return the rows that speak of everything that *reading* has."""
        return self._kinds[reading.frame.kind](reading)

    def name_document(self, iri: str, lang: str) -> str:
        """Return title and number of a document; of other things the name."""
        facts = self.facts
        if facts.view.kind(iri) not in ("Proposal", "PolicyInstrument", "Report"):
            return facts.name(iri)
        number = facts.value(iri, "proposalNumber")
        return name_title(facts.name(iri), number, lang)

    # kinds of frames

    def _find_statements(self, reading: QuestionReading) -> Found:
        frame, facts = reading.frame, self.facts
        end = frame.get_setting("given", "subject")
        given = _choose_names(reading, frame.list_setting("of") or frame.list_setting("needs"))
        predicates = " ".join(f"pk:{name}" for name in frame.list_setting("predicates"))
        values = self._list_values("given", given)
        if is_numbered(reading):  # the number says which proposal it is
            given = tuple(named for named in given if "Proposal" in named.kinds)
        letters = self._find_letters(given, frozenset(_LETTERS)) if frame.settings.get("via") else set()
        if letters:
            values = _write_values("given", sorted(letters | {iri for named in given for iri in named.iris}))
        query = _fill("statement", values=values, predicates=predicates, given=end, asked=_ENDS[end])
        others, rows = frozenset(frame.list_setting("other")), []
        kinds = frozenset(frame.list_setting("of") or frame.list_setting("needs"))
        for one, other, span in self._select(query):
            if others and facts.view.kind(other) not in others:
                continue
            if kinds and one not in letters and facts.view.kind(one) not in kinds:
                continue
            quote = facts.read_span(span)
            rows.append(AnswerRow(self.name_document(one, reading.lang), self.name_document(other, reading.lang), {},
                            (quote,) if quote else (), frozenset({one, other}),
                            self._make_texts((one, other), quote)))  # fmt: skip
        return self._keep(_drop_repeated(rows), reading, () if letters else given, query)

    def _find_facts(self, reading: QuestionReading) -> Found:
        frame, facts = reading.frame, self.facts
        given = _choose_names(reading, frame.list_setting("of"))
        predicates = " ".join(f"{'dcterms' if p in _DCTERMS else 'pk'}:{p}" for p in frame.list_setting("properties"))
        values = self._list_values("given", given)
        if frame.settings.get("via") and not given and (about := _choose_names(reading, ("Proposal",))):
            values = _write_values("given", sorted(self._find_letters(about, frozenset(_LETTERS[:2]))))
        query = _fill("fact", values=values, predicates=predicates,
                      classes=" ".join(f"pk:{kind}" for kind in frame.list_setting("of")))  # fmt: skip
        rows: dict[tuple[str, str], AnswerRow] = {}
        for one, value, prop in self._select(query):
            code = value.removeprefix(PK)
            if frame.get_setting("where") and code != frame.get_setting("where"):
                continue
            text = name_value(code, reading.lang) if value.startswith(PK) else value
            quote = facts.quote(one)
            extra = {"code": code, "property": prop.removeprefix(PK).removeprefix(DCTERMS)}
            if frame.settings.get("with_reply"):
                quote = quote if code == "ReplyFound" else self._quote_title(one) or quote
                extra["reply"] = self._tell_replies(one, reading.lang)
            texts = (*self._make_texts((one,), None), name_key(value))
            given_name = self.name_document(one, reading.lang)
            row = AnswerRow(given_name, text, extra, (quote,) if quote else (), frozenset({one}), texts)
            rows[(one, "" if "title" in predicates else value)] = row
        return self._keep(list(_drop_vague(rows)), reading, given, query)

    def _quote_title(self, iri: str) -> Excerpt | None:
        """Return the first passage that a document is quoted from and that has its title."""
        title = name_key(self.facts.name(iri))
        return next((quote for quote in self.facts.quotes(iri) if title in name_key(quote.text)), None)

    def _find_parts(self, reading: QuestionReading) -> Found:
        frame, facts = reading.frame, self.facts
        given = _choose_names(reading, ("Proposal", "PolicyInstrument", "Agency", "Organization", "Person"))
        if is_numbered(reading):  # the number says which proposal it is
            given = tuple(named for named in given if "Proposal" in named.kinds)
        letters = self._find_letters(given, frozenset(frame.list_setting("of")))
        if frame.settings.get("named") and not any("Proposal" in named.kinds for named in given):
            return Found((), "")
        if given and not letters:
            return Found((), "")
        classes = frame.list_setting("class")
        query = _fill("parts", values=_write_values("given", sorted(letters)) if given else "",
                      classes=" ".join(f"pk:{name}" for name in classes))  # fmt: skip
        rows: dict[str, AnswerRow] = {}
        places = {}
        for whole, part, span in self._select(query):
            quote = facts.read_span(span)
            if part in rows or facts.view.kind(whole) not in frame.list_setting("of"):
                continue
            places[part] = facts.position(part)
            label = _write_part(facts.value(part, "number"), quote.text if quote else facts.name(part))
            title = self.name_document(whole, reading.lang)
            if _SAID & set(classes):
                title = facts.names(facts.agencies(whole)) or title
            texts = (*self._make_texts((part, whole), None), name_key(quote.text if quote else ""))
            rows[part] = AnswerRow(title, label, {}, (quote,) if quote else (), frozenset({part, whole}), texts)
        ordered = [rows[part] for part in sorted(rows, key=lambda part: places[part])]
        wanted = make_wanted(facts, self.grammar, reading)
        named = {part for part in rows if covers(self._make_whole(rows[part], part), wanted, lambda: _NOTHING)}
        if named:  # the question names documents, not single parts
            return Found(tuple(row for row in ordered if row.iris & named), query)
        return self._keep(ordered, reading, given, query)

    def _make_whole(self, row: AnswerRow, part: str) -> AnswerRow:
        """Return a row that stands for the document of a part alone."""
        whole = next(iter(row.iris - {part}), part)
        things, texts = self.describe_document(whole)
        return AnswerRow(row.given, "", {}, (), things, texts)

    def describe_document(self, whole: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the things and texts of a document: its agencies, submitters, places and number."""
        if whole not in self._documents:
            facts = self.facts
            kin = [*facts.agencies(whole), *facts.values(whole, "repliesTo"), *facts.values(whole, "submittedBy")]
            kin += facts.agencies(whole, "leadAgency")
            places = [place for iri in (whole, *kin) if (place := facts.place_of(iri))]
            things = (whole, *kin, *places)
            number = facts.value(whole, "proposalNumber")
            self._documents[whole] = frozenset(things), (*self._make_texts(things, None), name_key(number))
        return self._documents[whole]

    def _find_letters(self, names: Iterable[Named], kinds: frozenset[str]) -> set[str]:
        """Return the documents of some kinds that all *names* lead to."""
        found: set[str] | None = None
        for named in names:
            own = {iri for iri in named.iris if self.facts.view.kind(iri) in kinds}
            if not own:
                query = _fill("letters", values=self._list_values("named", (named,)))
                own = {letter for (letter,) in self._select(query) if self.facts.view.kind(letter) in kinds}
            found = own if found is None else found & own
        return found or set()

    def _find_replies(self, reading: QuestionReading) -> Found:
        given = _choose_names(reading, ("Proposal",))
        wanted = reading.frame.get_setting("class", "LeadReply")
        kinds = frozenset(_LETTERS[:2])
        by = [named for named in _choose_names(reading, ("Agency",)) if self._find_letters((named,), kinds)]
        query = _fill("replies", values=self._list_values("given", given))
        rows: dict[str, AnswerRow] = {}
        for proposal, letter, kind, *_ in self._select(query):
            if kind == PK + wanted and letter not in rows and self._is_by(letter, by):
                quote = self.facts.quote(letter)
                told = self._tell_reply(letter, reading.lang)
                things = (proposal, letter, *self.facts.agencies(letter))
                title = self.name_document(proposal, reading.lang)
                rows[letter] = AnswerRow(title, told, {}, (quote,) if quote else (), frozenset(things),
                                         self._make_texts(things, None))  # fmt: skip
        return self._keep(list(rows.values()), reading, given, query)

    def _is_by(self, letter: str, names: Sequence[Named]) -> bool:
        """Return whether a letter is by one of the agencies that a question names, if it names any."""
        return not names or any({*named.iris} & {*self.facts.agencies(letter)} for named in names)

    def _tell_replies(self, proposal: str, lang: str) -> str:
        query = _fill("replies", values=_write_values("given", self.facts.view.same_nodes(proposal)))
        letters = dict.fromkeys(row[1] for row in self._select(query) if row[2] == PK + "LeadReply")
        return get_text("joint", lang).join(self._tell_reply(letter, lang) for letter in letters)

    def _tell_reply(self, letter: str, lang: str) -> str:
        facts = self.facts
        who = facts.names(facts.agencies(letter)) or get_text("unknown_agency", lang)
        when, number = facts.issued(letter), facts.value(letter, "documentNumber")
        kind = "opinion" if facts.view.kind(letter) == "CoHandlingOpinion" else "reply"
        key = f"{kind}_{'dated' if when else 'undated'}"
        told = get_text(key, lang, agency=who, date=when) if when else get_text(key, lang, agency=who)
        return told + (get_text("number", lang, number=number) if number else "")

    def _find_named(self, reading: QuestionReading) -> Found:
        frame = reading.frame
        params = frame.settings.get("params", {})
        assert isinstance(params, dict)
        values, given = {}, []
        for kind, param in params.items():
            named = next((n for n in reading.names if kind in n.kinds), None)
            if named is not None:
                values[param] = self._write_param(named, kind)
                given.append(named)
        query = load_named_query(frame.get_setting("query"), values)
        result = run_query(self.store, query)
        rows = []
        for cells in result.rows:
            row = {name: "" if term is None else format_term(term)
                   for name, term in zip(result.variables, cells, strict=True)}  # fmt: skip
            if _is_chosen(row, frame.settings.get("where")) and not _is_dropped(row, frame.settings.get("drop")):
                rows.append(self._make_row(row, reading))
        return self._keep(_drop_repeated(rows), reading, (), query)

    def _write_param(self, named: Named, kind: str) -> str:
        """Return the value of a parameter: the number of a proposal, else the words that all names share."""
        facts = self.facts
        iri = next(iri for iri in named.iris if facts.view.kind(iri) == kind)
        if kind == "Proposal":
            return facts.value(iri, "proposalNumber") or facts.name(iri)
        return facts.name(iri) if len(named.iris) == 1 else ""

    def _make_row(self, row: Mapping[str, str], reading: QuestionReading) -> AnswerRow:
        frame, codes = reading.frame, load_columns()["codes"]
        quotes = tuple(
            Excerpt(row[key], source=row.get(source, ""))
            for key, source in (("quote", "source"), ("responseQuote", "responseSource"))
            if row.get(key)
        )
        row = {**row, "amount": _write_amount(row, reading.lang)}
        words = {key: codes[value][reading.lang] if value in codes else value for key, value in row.items()}

        def join(columns: Sequence[str]) -> str:
            if columns == ("title", "number"):
                return name_title(words.get("title", ""), words.get("number", ""), reading.lang)
            return " ".join(filter(None, (words.get(column, "") for column in columns)))

        by = frame.get_setting("by")
        values = {**words, "code": row.get(by, "")}
        given, asked = join(frame.list_setting("given")), join(frame.list_setting("asked"))
        return AnswerRow(given, asked, values, quotes, frozenset(), tuple(map(name_key, row.values())))

    def _find_in_report(self, reading: QuestionReading) -> Found:
        from kg.report.catalog import make_report

        frame = reading.frame
        filters = frame.settings.get("filters", {})
        assert isinstance(filters, dict)
        chosen = {option: self.facts.name(named.iris[0]) for kind, option in filters.items()
                  for named in reading.names if kind in named.kinds}  # fmt: skip
        report = make_report(self.store, frame.get_setting("report"), reading.lang, **chosen)
        texts, rows = Texts(reading.lang), []
        for cells in report.get_table(frame.get_setting("table")).to_dicts():
            codes = {key: getattr(value, "key", "") for key, value in cells.items()}
            if not _is_chosen(codes, frame.settings.get("where")):
                continue
            words = {key: texts.plain(value) for key, value in cells.items()}
            asked = " ".join(filter(None, (words[key] for key in frame.list_setting("asked"))))
            given = " ".join(filter(None, (words[key] for key in frame.list_setting("given"))))
            quotes = tuple(value for value in cells.values() if isinstance(value, Excerpt))
            rows.append(AnswerRow(given, asked, {}, quotes[:1], frozenset(), tuple(map(name_key, words.values()))))
        options = "".join(f" --{key} {value}" for key, value in chosen.items())
        return self._keep(rows, reading, (), f"# kg report {frame.get_setting('report')}{options}\n")

    # what they share

    def _keep(self, rows: Sequence[AnswerRow], reading: QuestionReading, given: Sequence[Named], query: str) -> Found:
        wanted = make_wanted(self.facts, self.grammar, reading, given)
        is_wide = self.is_single and is_numbered(reading)
        kept = tuple(
            row
            for row in rows
            if covers(row, wanted, lambda row=row: surround(self.facts, self._place(row), is_wide))  # type: ignore[misc]
        )
        terms = [named.text for named in reading.names if named not in given]
        terms += [word.split("|")[0] for word in reading.words]
        terms += [reading.year] if reading.year else []
        note = get_text("kept", reading.lang, terms=get_text("joint", reading.lang).join(terms)) + "\n" if terms else ""
        return Found(kept, note + query)

    def _place(self, row: AnswerRow) -> Excerpt | None:
        return next((quote for quote in row.quotes if quote.source and quote.end), None)

    def _make_texts(self, iris: Iterable[str], quote: Excerpt | None) -> tuple[str, ...]:
        view = self.facts.view
        names = (name_key(name) for iri in iris for name in (view.label(iri), *view.aliases(iri)))
        return (*names, *((name_key(quote.sentence),) if quote else ()))

    def _list_values(self, variable: str, given: Sequence[Named]) -> str:
        iris = [node for named in given for iri in named.iris for node in self.facts.view.same_nodes(iri)]
        return _write_values(variable, dict.fromkeys(iris)) if iris else ""

    def _select(self, query: str) -> list[tuple[str, ...]]:
        def plain(term: object) -> str:
            if isinstance(term, NamedNode):
                return self.facts.view.main_node(term.value)
            return str(getattr(term, "value", "")) if term is not None else ""

        rows = {tuple(map(plain, row)) for row in run_query(self.store, query).rows}
        return sorted(rows)


def name_title(title: str, number: str, lang: str) -> str:
    """Return a title in its quotation marks, with a number if there is one."""
    if number and number != title:
        return get_text("numbered", lang, title=title, number=number)
    return get_text("document", lang, title=title)


def _write_amount(row: Mapping[str, str], lang: str) -> str:
    """Return the value of a row with its unit and bound; empty if it has none."""
    if not row.get("value"):
        return ""
    amount = Amount(Decimal(row["value"]), row.get("unit", ""), row.get("bound") or "Exactly")
    return Texts(lang).amount(amount)


def _write_part(number: str, text: str) -> str:
    """Return the words of a part with its number, on one line; long ones are cut."""
    own = number if "." not in number else ""  # 三.1 says nothing without the headings above it
    line = " ".join(filter(None, (own, print_line(text))))
    return line if len(line) <= _LONGEST_PART else line[:_LONGEST_PART] + "……"


def _drop_vague(rows: Mapping[tuple[str, str], AnswerRow]) -> Iterator[AnswerRow]:
    """Yield rows by thing and value without values that others begin with: 2023-11 says no more than 2023-11-08."""
    for (thing, value), row in rows.items():
        if not any(one == thing and more != value and more.startswith(value) for one, more in rows):
            yield row


def _choose_names(reading: QuestionReading, kinds: Iterable[str]) -> tuple[Named, ...]:
    wanted = set(kinds)
    return tuple(named for named in reading.names if wanted & set(named.kinds))


def _write_values(variable: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(f'<{iri}>' for iri in iris)} }}"


def _fill(name: str, **values: str) -> str:
    """Return a query with each ``{key}`` replaced; a line that becomes empty is left out."""
    text = load_query(name)
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


def _is_chosen(row: Mapping[str, str], where: object) -> bool:
    return not isinstance(where, dict) or all(row.get(key) == value for key, value in where.items())


def _is_dropped(row: Mapping[str, str], drop: object) -> bool:
    return isinstance(drop, dict) and any(row.get(key) == value for key, value in drop.items())


def _drop_repeated(rows: Iterable[AnswerRow]) -> list[AnswerRow]:
    """Return *rows*, those that say the same as one, with the quotes of all."""
    found: dict[tuple[str, str, str], AnswerRow] = {}
    for row in rows:
        key = (row.given, row.asked, row.values.get("code", ""))
        earlier = found.get(key)
        if earlier:
            quotes = tuple(dict.fromkeys((*earlier.quotes, *row.quotes)))
            texts = tuple(dict.fromkeys((*earlier.texts, *row.texts)))
            found[key] = AnswerRow(row.given, row.asked, earlier.values, quotes, earlier.iris | row.iris, texts)
        else:
            found[key] = row
    return list(found.values())
