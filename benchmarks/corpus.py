"""A corpus of invented pages of any size: proposals, replies and policies of several cities, the same every time.

The pages are the letters of the examples with other places, numbers and writers, and short replies. As in a real
corpus, the files overlap: the pages of one city name the same agencies and classes of firms, replies answer proposals
of other files, and some letters are published twice. ``make_corpus`` gives the texts, ``write_corpus`` the files.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES_PER_CITY = 60
"""Pages of one city, on average."""
_SHARE_TWICE = 0.15
"""Share of the letters that a second site publishes, too."""
_SHARE_ANSWERED = 0.8
"""Share of the proposals that have a reply in a file of its own."""
_FIRST, _SECOND = "云桂禾松岚沐栖澜昭榆青望", "桥溪川陵渚泽阳安台浦岭原"
_SURNAMES, _GIVEN = "林顾沈苏陆程许方", "知书若清远思承景夏宁舟禾"
_PLACES = ("霁川", "青棠")
"""Places in the examples, which are replaced."""
_DIGITS = re.compile(r"\d+")
_YEARS = range(1990, 2040)
_TITLE = re.compile(r"关于[^\n。》]{4,40}?的提案")
_NUMBER = re.compile(r"(?:提案?\s*编?\s*号：)\s*(\d+)")
_AGENCIES = ("工业和信息化局", "科学技术局", "财政局", "民政局", "商务局", "交通运输局", "人力资源和社会保障局")
_MEASURES = (
    "完善{field}扶持政策，{year}年对符合条件的中小微企业给予最高{sum}万元一次性奖励",
    "{year}年底前新增{count}家{group}，建设{field}公共服务平台",
    "设立{field}专项资金，每年安排{sum}万元支持{group}",
    "每季度召开一次{field}工作协调会，推动建议落到实处",
    "截至{year}年底，全市{group}达到{count}家",
)
_FIELDS = ("数字经济", "农村电商", "居家养老", "停车管理", "科技创新", "职业教育", "冷链物流", "绿色建筑")
_GROUPS = ("专精特新中小企业", "科技型中小企业", "高新技术企业", "创新型中小企业", "小巨人企业", "民营企业")


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """One file of the corpus."""

    name: str
    text: str


def make_corpus(count: int, seed: int = 1) -> Iterator[CorpusPage]:
    """Yield *count* pages. The first pages are the same for every *count* with as many cities."""
    templates = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.txt"))]
    cities = _make_cities(max(2, count // PAGES_PER_CITY), seed)
    number = made = 0
    while made < count:
        generator = random.Random(f"{seed}/{number}")
        for page in _make_case(number, templates[number % len(templates)], generator, cities):
            if made < count:
                yield page
            made += 1
        number += 1


def write_corpus(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """Write *count* pages to *folder* and return their paths."""
    paths = []
    for page in make_corpus(count, seed):
        path = folder / page.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
        paths.append(path)
    return paths


def _make_cities(count: int, seed: int) -> list[str]:
    names = [first + second for first in _FIRST for second in _SECOND]
    random.Random(seed).shuffle(names)
    return [names[i % len(names)] for i in range(count)]


def _make_case(number: int, template: str, generator: random.Random, cities: list[str]) -> Iterator[CorpusPage]:
    """Yield a letter, the same letter on another site if it has one, and the reply if it is a proposal."""
    city = cities[min(int(generator.expovariate(3 / len(cities))), len(cities) - 1)]
    year = 2015 + number % 10
    text = template
    for name in _PLACES:
        text = text.replace(name, city)
    text = _DIGITS.sub(lambda found: _make_other_number(found[0], generator, number), text)
    writer = _make_name(generator)
    text = f"{text.rstrip()}\n\n联系人：{writer}\n"
    yield CorpusPage(f"{city}/{year}/{number:05}_{writer}.txt", text)
    if generator.random() < _SHARE_TWICE:
        yield CorpusPage(
            f"{city}/转载/{number:05}.txt", f"您当前的位置：首页 > 提案工作\n\n{text}\n打印本页 关闭窗口\n"
        )
    title, printed = _TITLE.search(text), _NUMBER.search(text)
    if title and printed and generator.random() < _SHARE_ANSWERED:
        reply = _make_reply(city, year, title[0], printed[1], generator)
        yield CorpusPage(f"{city}/{year}/{number:05}_答复.txt", reply)


def _make_reply(city: str, year: int, title: str, printed: str, generator: random.Random) -> str:
    agency = f"{city}市{generator.choice(_AGENCIES)}"
    lines = [f"{agency}关于第{printed}号提案的答复", "", f"{_make_name(generator)}委员：", ""]
    lines.append(f"您提出的《{title}》（第{printed}号）收悉。现答复如下：")
    heads = ("已开展的工作", "关于您提出的建议", "下一步工作打算")
    for place, head in zip("一二三", heads, strict=True):
        lines += ["", f"{place}、{head}"]
        for item in range(1, generator.randint(2, 4)):
            words = generator.choice(_MEASURES).format(
                field=generator.choice(_FIELDS), group=generator.choice(_GROUPS), year=year + generator.randint(-2, 3),
                sum=generator.randint(1, 60) * 5, count=generator.randint(3, 900),
            )  # fmt: skip
            lines.append(f"（{'一二三四'[item - 1]}）{'下一步，我局将' if place == '三' else ''}{words}。")
    return "\n".join([*lines, "", agency, f"{year}年{generator.randint(3, 9)}月{generator.randint(1, 28)}日", ""])


def _make_name(generator: random.Random) -> str:
    return generator.choice(_SURNAMES) + generator.choice(_GIVEN) + generator.choice(_GIVEN)


def _make_other_number(digits: str, generator: random.Random, case: int) -> str:
    """Return another number with as many digits; years, single digits and numbers that begin with 0 stay.

    The number of a proposal is its year and the number of the case, wherever the letter prints it.
    """
    if len(digits) == 8 and int(digits[:4]) in _YEARS:
        return f"{digits[:4]}{(int(digits[4:]) + case) % 10_000:04}"
    if digits.startswith("0") or int(digits) in _YEARS or len(digits) < 2:
        return digits
    return str(generator.randrange(10 ** (len(digits) - 1), 10 ** len(digits)))
