"use strict";
/* The data of the page, as viz/payload.py wrote it, with indexes. */
const KG = {};

(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const facts = read("kg-facts");
  KG.words = read("kg-texts");
  KG.look = read("kg-look");
  KG.options = read("kg-options");
  KG.title = facts.title;
  KG.subtitleGiven = facts.subtitle;
  KG.focus = facts.focus;
  KG.leftOut = facts.leftOut;
  KG.terms = facts.terms;
  KG.pinyin = new Map(Object.entries(facts.pinyin).map(([c, said]) => [c, said.split(" ")]));
  KG.boards = facts.views;
  KG.site = facts.site || null;
  KG.opening = { view: facts.view, embed: facts.embed };
  KG.sources = facts.sources.map(([title, agency, date, id, place]) => ({ title, agency, date, id, place }));
  KG.sourceId = (source) => source.id || source.title;
  KG.works = facts.sourceCount || new Set(KG.sources.map(KG.sourceId)).size;

  /* Whatever goes wrong is said, not swallowed. */
  window.addEventListener("error", ({ message }) => {
    const notice = document.getElementById("notice");
    notice.textContent = KG.words.ui.failed[KG.lang].replace("{why}", message);
    notice.hidden = false;
  });

  KG.quoteSource = (number) => facts.quotes[number][3];
  KG.quote = (number) => {
    const [passage, begin, end, source] = facts.quotes[number];
    const text = facts.passages[passage];
    return { before: text.slice(0, begin), text: text.slice(begin, end), after: text.slice(end), source: KG.sources[source] };
  };

  KG.figures = facts.figures.map(([id, value = "0", unit = "", bound = "", amount = "", amountEn = "", metric = "", period = "", per = "", deadline = "", frequency = "", ties = [], decides = []]) =>
    ({ id, value, unit, bound, amount, amountEn, metric, period, per, deadline, frequency, ties, decides: decides.map((n) => facts.figures[n][0]), conditions: [], line: null }));
  KG.nodes = read("kg-nodes").map((drawn, i) => {
    const [iri, aliases = [], lines = [], quotes = []] = facts.nodes[i];
    return {
      id: i, iri, label: drawn.label, kind: drawn.group, size: drawn.size, x: drawn.x, y: drawn.y, group: facts.groups[i], aliases, quotes,
      facts: lines.map(([label, value = "", quoted = [], kind = "", labelEn = "", valueEn = "", figure = null]) =>
        ({ label, value, quotes: quoted, kind, labelEn, valueEn, figure: figure === null ? null : KG.figures[figure] })),
      edges: [],
    };
  });
  KG.edges = read("kg-edges").map((drawn, i) => {
    const [predicate, quotes = [], confidence = null, zh = "", en = ""] = facts.edges[i];
    return { id: i, from: drawn.from, to: drawn.to, predicate, quotes, confidence, zh, en };
  });
  for (const edge of KG.edges) {
    KG.nodes[edge.from].edges.push(edge);
    if (edge.to !== edge.from) KG.nodes[edge.to].edges.push(edge);
  }
  for (const node of KG.nodes) for (const fact of node.facts) if (fact.figure && !fact.figure.line) fact.figure.line = fact;
  KG.figureById = new Map(KG.figures.map((figure) => [figure.id, figure]));
  for (const figure of KG.figures) for (const id of figure.decides) KG.figureById.get(id).conditions.push(figure);

  /* Layouts are about as wide as high: stretch them to the free part of the window, once. Nothing moves after that. */
  const fitted = (places) => {
    const span = (at) => {
      let [low, high] = [Infinity, -Infinity];
      for (const place of places) { low = Math.min(low, place[at]); high = Math.max(high, place[at]); }
      return Math.max(1, high - low);
    };
    const wide = window.innerWidth > 760;
    const room = wide ? (window.innerWidth - 645) / (window.innerHeight - 218) : (window.innerWidth - 104) / (window.innerHeight - 382);
    const now = span(1) / span(2);
    const [sx, sy] = [Math.min(1.6, Math.max(1, room / now)), Math.min(1.6, Math.max(1, now / room))];
    return new Map(places.map(([i, x, y, group]) => [i, { x: Math.round(x * sx), y: Math.round(y * sy), group }]));
  };
  KG.first = fitted(facts.first);
  KG.whole = fitted(KG.nodes.map((node) => [node.id, node.x, node.y, node.group]));

  /* Names on the drawing leave out what most titles share. */
  const omit = KG.words.drawing.omit.map((pattern) => new RegExp(pattern, "gu"));
  for (const node of KG.nodes) {
    const short = omit.reduce((name, pattern) => name.replace(pattern, ""), node.label);
    node.short = short.length > 3 ? short : node.label;
  }

  /* Rank of each node: 0 is the one that is drawn largest and has the most edges. */
  const score = (node) => node.size * Math.sqrt(1 + node.edges.length);
  KG.ranked = KG.nodes.slice().sort((a, b) => score(b) - score(a) || a.id - b.id);
  KG.ranked.forEach((node, rank) => { node.rank = rank; });
  KG.byRank = (a, b) => KG.nodes[a].rank - KG.nodes[b].rank;

  const order = Object.keys(KG.look.kinds);
  KG.kindOrder = (kind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  KG.kinds = [...new Set(KG.nodes.map((node) => node.kind))].sort((a, b) => KG.kindOrder(a) - KG.kindOrder(b));
  KG.neighbours = (i) => [...new Set(KG.nodes[i].edges.map((edge) => (edge.from === i ? edge.to : edge.from)))].filter((j) => j !== i);

  /* A name for each node that stays when the page is made again: the end of its IRI. */
  const iris = KG.nodes.map((node) => node.iri);
  let common = iris[0] || "";
  for (const iri of iris) while (!iri.startsWith(common)) common = common.slice(0, -1);
  common = common.slice(0, common.lastIndexOf("/") + 1);
  KG.key = (i) => KG.nodes[i].iri.slice(common.length);
  const byKey = new Map(KG.nodes.map((node) => [KG.key(node.id), node.id]));
  KG.byKey = (key) => (byKey.has(key) ? byKey.get(key) : null);
})();
