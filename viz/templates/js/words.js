/* Words in two languages, colours in two schemes, a few events, and how elements are made. */
(() => {
  const { words } = KG;
  KG.lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  KG.languages = words.languages;
  KG.t = (key, values = {}) =>
    words.ui[key][KG.lang].replace(/\{(\w+)\}/g, (_, name) => (name in values ? String(values[name]) : ""));
  /* What the page was made from: as it says itself, else the number of its sources. */
  KG.subtitle = () => KG.subtitleGiven || (KG.works > 1 ? KG.t("subtitle", { n: KG.number(KG.works) }) : "");
  KG.number = (n) => n.toLocaleString(KG.lang === "zh" ? "zh-CN" : "en-GB");
  const lookUp = (table, key) => (Object.hasOwn(words[table], key) ? words[table][key][KG.lang] : undefined);
  KG.kindName = (kind) => lookUp("kinds", kind) || lookUp("figures", kind) || kind;
  KG.groupName = (group) => KG.look.groups[group][KG.lang];
  KG.factName = (fact) => lookUp("facts", fact.label) || (KG.lang === "en" && fact.labelEn) || fact.label;
  KG.factValue = (fact) => lookUp("values", fact.value) || (KG.lang === "en" && fact.valueEn) || fact.value;
  KG.figureName = (kind) => lookUp("figures", kind) || kind;
  KG.boundName = (bound) => lookUp("bounds", bound) || "";
  KG.levelName = (level) => lookUp("values", level) || KG.t("level_none");
  KG.propertyName = (name) => (Object.hasOwn(words.predicates, name) ? words.predicates[name][KG.lang] : lookUp("facts", name) || name);
  /* A property as people who write queries know it: pk:supports, skos:broader. */
  KG.termName = (name) => {
    const { prefixes, others } = KG.terms;
    const [prefix, base] = Object.entries(prefixes).find(([, iri]) => Object.hasOwn(others, name) && others[name].startsWith(iri)) || ["pk", ""];
    return `${prefix}:${base ? others[name].slice(base.length) : name}`;
  };
  KG.predicateName = (edge, inverse = false) => {
    const known = Object.hasOwn(words.predicates, edge.predicate) ? words.predicates[edge.predicate] : null;
    if (known) return (inverse && known[`inverse_${KG.lang}`]) || known[KG.lang];
    return (inverse ? "← " : "") + (edge[KG.lang] || edge.zh || edge.en || edge.predicate);
  };
  KG.isValue = (value) => Object.hasOwn(words.values, value);

  /* The parts of a figure, in words, for a badge: bound, amount, and what narrows it (time, each, until when). */
  KG.badge = (figure) => {
    const amount = (KG.lang === "en" && figure.amountEn) || figure.amount || figure.value;
    const more = [
      figure.per && KG.t("per", { x: figure.per }), figure.period, figure.deadline && KG.t("until", { x: figure.deadline }), figure.frequency,
    ].filter(Boolean);
    return { bound: KG.boundName(figure.bound), amount, more };
  };
  /* What a figure needs, in words: 营收不少于5亿元. */
  KG.conditionText = (figure) => (KG.lang === "zh" ? `${figure.metric}${KG.badgeText(figure).replaceAll(" ", "")}` : `${figure.metric} ${KG.badgeText(figure)}`);
  KG.badgeText = (figure) => {
    const { bound, amount, more } = KG.badge(figure);
    return [bound, amount, ...more].filter(Boolean).join(" ");
  };

  /* Events: "language", "scheme", "shown", "selected", "filtered", "tab". */
  const listeners = {};
  KG.on = (event, listener) => { for (const name of event.split(" ")) (listeners[name] ||= []).push(listener); };
  KG.emit = (event) => { for (const listener of listeners[event] || []) listener(); };

  KG.setLanguage = (lang) => {
    KG.lang = lang;
    document.documentElement.lang = lang === "zh" ? "zh-Hans" : lang;
    KG.emit("language");
  };

  /* Light and dark: what the system says, until somebody says otherwise. */
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  KG.schemeWanted = null;
  KG.setScheme = (wanted) => {
    KG.schemeWanted = wanted;
    KG.scheme = wanted || (dark.matches ? "dark" : "light");
    KG.colour = KG.scheme === "dark" ? KG.look.dark : KG.look.page;
    document.documentElement.dataset.scheme = KG.scheme;
    KG.emit("scheme");
  };
  dark.addEventListener("change", () => { if (!KG.schemeWanted) KG.setScheme(null); });
  KG.setScheme(null);
  /* Paper is light. */
  let before = null;
  window.addEventListener("beforeprint", () => { before = KG.schemeWanted; if (KG.scheme === "dark") KG.setScheme("light"); });
  window.addEventListener("afterprint", () => KG.setScheme(before));

  KG.lookOf = (kind) => {
    const look = Object.hasOwn(KG.look.kinds, kind) ? KG.look.kinds[kind] : KG.look.kinds.Other;
    return KG.scheme === "dark" ? { ...look, fill: look.dark_fill || look.fill, border: look.dark_border || look.border } : look;
  };

  /* An element: h("p", {class: "x", onclick: f}, "text", child …). Text is always text, never markup. */
  const filled = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };
  KG.h = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
  KG.s = (tag, attributes = {}, ...children) => filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  KG.$ = (id) => document.getElementById(id);
  /* Said to screen readers. */
  KG.say = (text) => { KG.$("said").textContent = text; };
})();
