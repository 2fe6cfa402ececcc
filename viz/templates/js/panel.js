/* The panel: facts of what is chosen, each with the words that say it. */
(() => {
  const { h } = KG;
  const panel = KG.$("panel");
  const SHOW = 8; // so many of a list, then "n more"

  const quote = (number) => {
    const q = KG.quote(number);
    const { title, agency, date, id } = q.source;
    const where = [title, agency, date].filter(Boolean);
    return h("figure", { class: "quote" },
      h("blockquote", {}, h("span", { class: "around" }, q.before), h("mark", {}, q.text), h("span", { class: "around" }, q.after)),
      h("figcaption", { title: id || null },
        where.length ? where.map((part, n) => h("span", { class: n ? "" : "work" }, part)) : (id || KG.t("source_unknown"))));
  };

  /* A list that shows its head, and the rest on demand. */
  const long = (items, make, tag = "div", attributes = {}) => {
    const list = h(tag, attributes, items.slice(0, SHOW).map(make));
    if (items.length <= SHOW) return list;
    const button = h("button", { type: "button", class: "more", onclick: () => {
      list.append(...items.slice(SHOW).map(make));
      button.remove();
    } }, KG.t("more", { n: KG.number(items.length - SHOW) }));
    return [list, button];
  };

  /* A button that opens and closes the quotes of a line; [button, box]. */
  const evidence = (numbers) => {
    if (!numbers.length) return [null, null];
    const box = h("div", { class: "quotes", hidden: true });
    const button = h("button", { type: "button", class: "cite", "aria-expanded": "false", onclick: () => {
      if (!box.childElementCount) box.append(...numbers.map(quote));
      box.hidden = !box.hidden;
      button.setAttribute("aria-expanded", String(!box.hidden));
    } }, numbers.length === 1 ? KG.t("evidence_1") : KG.t("evidence_n", { n: numbers.length }));
    return [button, box];
  };

  const chip = (i) => h("button", { type: "button", class: "chip", "data-node": i, onclick: () => KG.open(i) },
    KG.icon(KG.nodes[i].kind), h("span", {}, KG.nodes[i].label));

  const confidence = (edge) => (edge.confidence === null ? null
    : h("span", { class: "confidence" }, KG.t("confidence", { n: Math.round(edge.confidence * 100) })));

  const section = (title, ...content) => h("section", {}, h("h3", {}, title), content);

  const factLine = (fact) => {
    const [button, box] = evidence(fact.quotes);
    return h("div", { class: "fact" }, h("dt", {}, KG.factName(fact)), h("dd", {}, h("span", {}, KG.factValue(fact)), button), box);
  };
  const facts = (node) => {
    const plain = node.facts.filter((fact) => !fact.kind);
    const figures = new Map();
    for (const fact of node.facts.filter((f) => f.kind)) {
      if (!figures.has(fact.kind)) figures.set(fact.kind, []);
      figures.get(fact.kind).push(fact);
    }
    return [
      plain.length ? section(KG.t("facts"), long(plain, factLine, "dl")) : null,
      [...figures].map(([kind, lines]) => h("section", { class: `figures ${kind}` }, h("h3", {}, KG.figureName(kind)), long(lines, factLine, "dl"))),
    ];
  };

  const relations = (node) => {
    const groups = new Map();
    for (const edge of node.edges) {
      const inverse = edge.to === node.id && edge.from !== node.id;
      const key = `${inverse ? "<" : ">"}${edge.predicate}`;
      if (!groups.has(key)) groups.set(key, { name: KG.predicateName(edge, inverse), inverse, edges: [] });
      groups.get(key).edges.push(edge);
    }
    if (!groups.size) return null;
    const line = (inverse) => (edge) => {
      const [button, box] = evidence(edge.quotes);
      return h("li", {}, h("div", { class: "line" }, chip(inverse ? edge.from : edge.to), button), box);
    };
    const list = [...groups.values()].sort((a, b) => a.inverse - b.inverse);
    return section(KG.t("relations"), list.map((group) => h("div", { class: "relation" },
      h("h4", {}, group.name, group.edges.length > 1 ? h("span", { class: "count" }, KG.number(group.edges.length)) : null),
      long(group.edges, line(group.inverse), "ul"))));
  };

  const closer = () => h("button", { type: "button", class: "plain close", "aria-label": KG.t("close"), title: KG.t("close"), onclick: () => KG.select(null) }, "×");

  const ofNode = (node) => {
    const missing = KG.missing(node.id).length;
    const shown = KG.view.shown.has(node.id);
    return [
      h("div", { class: "head" },
        h("p", { class: "kind" }, KG.icon(node.kind), KG.kindName(node.kind)), closer(),
        h("h2", {}, node.label),
        node.aliases.length ? h("p", { class: "aliases" }, h("span", {}, KG.t("aliases")), node.aliases.map((name) => h("b", {}, name))) : null,
        h("div", { class: "actions" },
          h("button", { type: "button", id: "near", onclick: () => KG.goNear(node.id) }, KG.t("near")),
          missing && shown ? h("button", { type: "button", id: "grow", onclick: () => KG.grow(node.id) }, KG.t("grow", { n: missing })) : null,
          shown ? h("button", { type: "button", class: "quiet", onclick: () => KG.remove(node.id) }, KG.t("remove")) : null)),
      facts(node),
      relations(node),
      node.quotes.length ? section(KG.t("mentions"), long(node.quotes, quote)) : null,
    ];
  };

  const ofPair = (pair) => [
    h("div", { class: "head" },
      h("p", { class: "kind" }, pair.edges.length > 1 ? KG.t("statements", { n: pair.edges.length }) : KG.t("statement")), closer()),
    pair.edges.map((edge) => h("section", { class: "statement" },
      h("div", { class: "triple" }, chip(edge.from), h("p", { class: "predicate" }, KG.predicateName(edge), confidence(edge)), chip(edge.to)),
      h("h3", {}, KG.t("evidence")),
      edge.quotes.length ? edge.quotes.map(quote) : h("p", { class: "none" }, KG.t("no_evidence")))),
  ];

  const welcome = () => [
    h("div", { class: "head" }, h("h2", {}, KG.t("welcome")), h("p", { class: "hint" }, KG.t("welcome_hint"))),
    h("p", { class: "counts" }, KG.t("counts", { nodes: KG.number(KG.nodes.length), edges: KG.number(KG.edges.length), sources: KG.number(KG.works) })),
    KG.leftOut ? h("p", { class: "counts" }, KG.t("left_out", { n: KG.number(KG.nodes.length), rest: KG.number(KG.leftOut) })) : null,
    KG.kinds.filter((kind) => ["Proposal", "Program", "PolicyInstrument", "Agency"].includes(kind)).map((kind) => section(KG.kindName(kind),
      h("ul", {}, KG.ranked.filter((node) => node.kind === kind).slice(0, 4).map((node) => h("li", {}, h("div", { class: "line" }, chip(node.id))))))),
  ];
  KG.works = new Set(KG.sources.map((source) => source.id || source.title)).size;

  const render = () => {
    const selection = KG.selection;
    const content = !selection ? welcome() : selection.pair ? ofPair(selection.pair) : ofNode(KG.nodes[selection.node]);
    panel.replaceChildren(...content.flat(Infinity).filter(Boolean));
    panel.scrollTop = 0;
    document.body.classList.toggle("chosen", Boolean(selection));
  };
  KG.on("selected", render);
  KG.on("language", render);
})();
