"use strict";
/* The data of the page, as viz/payload.py wrote it, with indexes; words in two languages; a few events. */
const KG = {};

(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const facts = read("kg-facts");
  const words = read("kg-texts");
  /* Whatever goes wrong is said, not swallowed. */
  window.addEventListener("error", ({ message }) => {
    const notice = document.getElementById("notice");
    notice.textContent = words.ui.failed[KG.lang].replace("{why}", message);
    notice.hidden = false;
  });
  KG.look = read("kg-look");
  KG.options = read("kg-options");
  KG.title = facts.title;
  KG.subtitle = facts.subtitle;
  KG.focus = facts.focus;
  KG.leftOut = facts.leftOut;
  KG.sources = facts.sources.map(([title, agency, date, id]) => ({ title, agency, date, id }));

  KG.quote = (number) => {
    const [passage, begin, end, source] = facts.quotes[number];
    const text = facts.passages[passage];
    return { before: text.slice(0, begin), text: text.slice(begin, end), after: text.slice(end), source: KG.sources[source] };
  };

  KG.nodes = read("kg-nodes").map((drawn, i) => {
    const [iri, aliases = [], lines = [], quotes = []] = facts.nodes[i];
    return {
      id: i, iri, label: drawn.label, kind: drawn.group, size: drawn.size, x: drawn.x, y: drawn.y, aliases, quotes,
      facts: lines.map(([label, value = "", quoted = [], kind = "", labelEn = "", valueEn = ""]) =>
        ({ label, value, quotes: quoted, kind, labelEn, valueEn })),
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
  /* Layouts are about as wide as high: stretch them to the free part of the window, once. Nothing moves after that. */
  const fitted = (places) => {
    const span = (values) => Math.max(1, Math.max(...values) - Math.min(...values));
    const wide = window.innerWidth > 760;
    const room = wide ? (window.innerWidth - 620) / (window.innerHeight - 190) : (window.innerWidth - 60) / (window.innerHeight - 260);
    const now = span(places.map((p) => p[1])) / span(places.map((p) => p[2]));
    const [sx, sy] = [Math.min(1.6, Math.max(1, room / now)), Math.min(1.6, Math.max(1, now / room))];
    return new Map(places.map(([i, x, y]) => [i, { x: Math.round(x * sx), y: Math.round(y * sy) }]));
  };
  KG.first = fitted(facts.first);
  KG.whole = fitted(KG.nodes.map((node) => [node.id, node.x, node.y]));

  /* Names on the drawing leave out what most titles share. */
  const omit = words.drawing.omit.map((pattern) => new RegExp(pattern, "gu"));
  for (const node of KG.nodes) {
    const short = omit.reduce((name, pattern) => name.replace(pattern, ""), node.label);
    node.short = short.length > 3 ? short : node.label;
  }

  /* Rank of each node: 0 is the one that is drawn largest and has the most edges. */
  const score = (node) => node.size * Math.sqrt(1 + node.edges.length);
  KG.ranked = KG.nodes.slice().sort((a, b) => score(b) - score(a) || a.id - b.id);
  KG.ranked.forEach((node, rank) => { node.rank = rank; });

  const order = Object.keys(KG.look.kinds);
  KG.kindOrder = (kind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  KG.lookOf = (kind) => KG.look.kinds[kind] || KG.look.kinds.Other;
  KG.kinds = [...new Set(KG.nodes.map((node) => node.kind))].sort((a, b) => KG.kindOrder(a) - KG.kindOrder(b));
  KG.neighbours = (i) => [...new Set(KG.nodes[i].edges.map((edge) => (edge.from === i ? edge.to : edge.from)))].filter((j) => j !== i);

  /* Words. */
  KG.lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  KG.languages = words.languages;
  KG.t = (key, values = {}) =>
    words.ui[key][KG.lang].replace(/\{(\w+)\}/g, (_, name) => (name in values ? String(values[name]) : ""));
  KG.number = (n) => n.toLocaleString(KG.lang === "zh" ? "zh-CN" : "en-GB");
  const lookUp = (table, key) => (Object.hasOwn(words[table], key) ? words[table][key][KG.lang] : undefined);
  KG.kindName = (kind) => lookUp("kinds", kind) || kind;
  KG.groupName = (group) => KG.look.groups[group][KG.lang];
  KG.factName = (fact) => lookUp("facts", fact.label) || (KG.lang === "en" && fact.labelEn) || fact.label;
  KG.factValue = (fact) => lookUp("values", fact.value) || (KG.lang === "en" && fact.valueEn) || fact.value;
  KG.figureName = (kind) => lookUp("figures", kind) || kind;
  KG.predicateName = (edge, inverse = false) => {
    const known = Object.hasOwn(words.predicates, edge.predicate) ? words.predicates[edge.predicate] : null;
    if (known) return (inverse && known[`inverse_${KG.lang}`]) || known[KG.lang];
    return (inverse ? "← " : "") + (edge[KG.lang] || edge.zh || edge.en || edge.predicate);
  };

  /* Events: "language", "shown", "selected". */
  const listeners = {};
  KG.on = (event, listener) => { (listeners[event] ||= []).push(listener); };
  KG.emit = (event) => { for (const listener of listeners[event] || []) listener(); };

  KG.setLanguage = (lang) => {
    KG.lang = lang;
    document.documentElement.lang = lang === "zh" ? "zh-Hans" : lang;
    KG.emit("language");
  };

  /* An element: h("p", {class: "x", onclick: f}, "text", child …). Text is always text, never markup. */
  KG.h = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };
  KG.$ = (id) => document.getElementById(id);
})();
