/* The panel: facts of what is chosen, each with the words that say it. */
(() => {
  const { h } = KG;
  const panel = KG.$("panel");
  const SHOW = 8; // so many of a list, then "n more"

  const quote = (number) => {
    const q = KG.quote(number);
    const { title, agency, date, id, place } = q.source;
    const where = [title, agency, date, place].filter(Boolean);
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

  /* A badge, and to whom else it is tied. */
  const figure = (parts) => {
    const others = [...new Map(parts.ties.map(([slot, i]) => [i, slot]))].filter(([i]) => i !== KG.selection.node);
    return [KG.badgeElement(parts),
      parts.conditions.length ? h("p", { class: "if" }, KG.t("figure_if", { what: parts.conditions.map(KG.conditionText).join(KG.lang === "zh" ? "；" : "; ") })) : null,
      others.length ? h("p", { class: "ties" }, others.map(([i, slot]) => h("button", {
      type: "button", class: "tie", onclick: () => KG.open(i),
    }, h("small", {}, KG.propertyName(slot)), KG.nodes[i].label))) : null];
  };
  const factLine = (fact) => {
    const [button, box] = evidence(fact.quotes);
    const value = fact.figure ? figure(fact.figure) : h("span", {}, KG.factValue(fact));
    return h("div", { class: "fact" }, h("dt", {}, KG.factName(fact)), h("dd", {}, value, button), box);
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
    for (const edge of node.edges.filter(KG.edgeOn)) {
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
    const graph = KG.tab === "graph" || KG.tab === "about";
    const pinned = Boolean(shown && KG.view.shown.get(node.id).pinned);
    return [
      h("div", { class: "head" },
        h("p", { class: "kind" }, KG.icon(node.kind), KG.kindName(node.kind)), closer(),
        h("h2", {}, node.label),
        node.aliases.length ? h("p", { class: "aliases" }, h("span", {}, KG.t("aliases")), node.aliases.map((name) => h("b", {}, name))) : null,
        h("div", { class: "actions" },
          h("button", { type: "button", id: "near", onclick: () => { KG.goNear(node.id); KG.setTab("about", false); } }, KG.t("near")),
          missing && shown && graph ? h("button", { type: "button", id: "grow", onclick: () => KG.grow(node.id) }, KG.t("grow", { n: missing })) : null,
          node.edges.length ? h("button", { type: "button", id: "path", onclick: () => KG.startPath(node.id) }, KG.t("path_to")) : null,
          KG.tab !== "answers" && KG.sheetOf(node.id) >= 0 ? h("button", { type: "button", id: "its-answers", onclick: () => { KG.setTab("answers"); KG.open(node.id); } }, KG.t("view_name_answers")) : null,
          graph ? null : h("button", { type: "button", id: "in-graph", onclick: () => { KG.setTab("graph"); KG.open(node.id); } }, KG.t("in_graph")),
          graph && shown ? h("button", { type: "button", id: "pin", class: "quiet", "aria-pressed": String(pinned), onclick: () => KG.pin(node.id, !pinned) }, KG.t(pinned ? "unpin" : "pin")) : null,
          KG.site && KG.site.thing ? h("a", { id: "its-page", href: KG.site.thing + encodeURIComponent(node.iri) }, KG.t("its_page")) : null,
          KG.site && KG.site.near ? h("a", { id: "fetch-near", href: KG.site.near + encodeURIComponent(node.iri) }, KG.t("fetch_near")) : null,
          graph && shown ? h("button", { type: "button", id: "remove", class: "quiet", onclick: () => KG.remove(node.id) }, KG.t("remove")) : null)),
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

  /* Each step of a way, with the words that say it. */
  const ofPath = (path) => [
    h("div", { class: "head" },
      h("p", { class: "kind" }, KG.t("path_steps", { n: path.pairs.length })), closer(),
      h("h2", {}, KG.t("path_title", { a: KG.nodes[path.nodes[0]].label, b: KG.nodes[path.nodes.at(-1)].label }))),
    path.pairs.map((pair) => {
      const edge = pair.edges.find(KG.edgeOn) || pair.edges[0];
      return h("section", { class: "statement" },
        h("div", { class: "triple" }, chip(edge.from), h("p", { class: "predicate" }, KG.predicateName(edge), confidence(edge)), chip(edge.to)),
        edge.quotes.slice(0, 2).map(quote));
    }),
  ];

  /* A class of the schema, or a property between two. */
  const ofSchema = ({ kind }) => {
    const { classes, properties, literals } = KG.boards.schema;
    const line = (words, name, n) => h("div", { class: "fact counted" }, h("dt", {}, words, h("code", {}, name)), h("dd", {}, KG.number(n)));
    const out = properties.filter(([a]) => a === kind);
    const into = properties.filter(([, , b]) => b === kind);
    const plain = literals.filter(([a]) => a === kind);
    return [
      h("div", { class: "head" }, h("p", { class: "kind" }, KG.t("schema_class"), h("code", {}, `pk:${kind}`)), closer(),
        h("h2", {}, KG.kindName(kind)),
        h("p", { class: "counts" }, KG.t("schema_count", { n: KG.number((classes.find(([name]) => name === kind) || ["", 0])[1]) }))),
      plain.length ? section(KG.t("facts"), h("dl", {}, plain.map(([, p, n]) => line(KG.propertyName(p), KG.termName(p), n)))) : null,
      out.length ? section(KG.t("schema_out"), h("dl", {}, out.map(([, p, b, n]) => line(`${KG.propertyName(p)} → ${KG.kindName(b)}`, KG.termName(p), n)))) : null,
      into.length ? section(KG.t("schema_in"), h("dl", {}, into.map(([a, p, , n]) => line(`${KG.kindName(a)} · ${KG.propertyName(p)}`, KG.termName(p), n)))) : null,
      section(KG.t("schema_some"), h("ul", {}, KG.ranked.filter((node) => node.kind === kind).slice(0, 8).map((node) => h("li", {}, h("div", { class: "line" }, chip(node.id)))))),
    ];
  };

  /* A sum that ties two things: what it is, and the words that say it. */
  const ofFigures = ({ a, b, list, edges }) => [
    h("div", { class: "head" }, h("p", { class: "kind" }, KG.figureName("Provision")), closer()),
    h("section", { class: "statement" }, h("div", { class: "triple" }, chip(a), h("p", { class: "predicate" }, KG.propertyName("grants")), chip(b))),
    list.map((parts) => h("section", { class: "figures" }, h("dl", {}, factLine(parts.line)), parts.line.quotes.map(quote))),
    edges.map((edge) => h("section", { class: "statement" }, h("h3", {}, KG.predicateName(edge), confidence(edge)), edge.quotes.map(quote))),
  ];

  const welcome = () => [
    h("div", { class: "head" }, h("h2", {}, KG.t("welcome")),
      KG.tab === "graph" || KG.tab === "about" ? h("p", { class: "hint" }, KG.t(`about_${KG.tab}`)) : null), // a board has its explanation at its head
    h("p", { class: "counts" }, KG.t("counts", { nodes: KG.number(KG.nodes.length), edges: KG.number(KG.edges.length), sources: KG.number(KG.works) })),
    KG.leftOut ? h("p", { class: "counts" }, KG.t("left_out", { n: KG.number(KG.nodes.length), rest: KG.number(KG.leftOut) })) : null,
    KG.kinds.filter((kind) => ["Proposal", "Program", "PolicyInstrument", "Agency"].includes(kind)).map((kind) => section(KG.kindName(kind),
      h("ul", {}, KG.ranked.filter((node) => node.kind === kind).slice(0, 4).map((node) => h("li", {}, h("div", { class: "line" }, chip(node.id))))))),
  ];
  const render = () => {
    const selection = KG.selection;
    const content = !selection ? welcome() : selection.pair ? ofPair(selection.pair) : selection.path ? ofPath(selection.path)
      : selection.schema ? ofSchema(selection.schema) : selection.figures ? ofFigures(selection.figures) : ofNode(KG.nodes[selection.node]);
    panel.replaceChildren(...content.flat(Infinity).filter(Boolean));
    panel.scrollTop = 0;
    document.body.classList.toggle("chosen", Boolean(selection));
  };
  KG.on("selected language scheme filtered", render);
})();
