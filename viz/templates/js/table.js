/* The same as a table: what is in view, statement by statement, for the keyboard, for screen readers, and for files. */
(() => {
  const { h } = KG;
  const sheet = KG.$("sheet");
  const MOST = 300; // rows at once
  KG.tableOpen = false;

  const source = ({ title, agency, date, id }) => [title || id, agency, date].filter(Boolean).join(" · ");
  /* A row: cells, each words or the number of a node, with the first of the quotes and its source. */
  KG.rowOf = (cells, quotes) => {
    const said = quotes.length ? KG.quote(quotes[0]) : null;
    return [...cells, said ? { quote: said } : "", said ? source(said.source) : ""];
  };

  const graphTable = () => {
    const places = KG.scene.places();
    const edges = KG.scene.lines.flatMap((pair) => pair.edges.filter(KG.edgeOn));
    const linked = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
    const order = (i) => KG.nodes[i].rank;
    edges.sort((a, b) => order(a.from) - order(b.from) || (a.predicate < b.predicate ? -1 : a.predicate > b.predicate ? 1 : order(a.to) - order(b.to)));
    return {
      head: ["col_class", "col_subject", "col_property", "col_object", "quote", "col_source"],
      rows: [
        ...edges.map((edge) => KG.rowOf([KG.kindName(KG.nodes[edge.from].kind), edge.from, KG.predicateName(edge), edge.to], edge.quotes)),
        ...[...places.keys()].filter((i) => !linked.has(i)).sort(KG.byRank).map((i) => KG.rowOf([KG.kindName(KG.nodes[i].kind), i, "", ""], KG.nodes[i].quotes)),
      ],
    };
  };
  const isGraph = () => KG.tab === "graph" || KG.tab === "about";
  KG.table = () => (isGraph() ? graphTable() : KG.boardViews[KG.tab].table());
  /* Nodes in view, for files. */
  KG.inView = () => (isGraph() ? [...KG.scene.places().keys()] : KG.tab === "schema" ? KG.nodes.map((node) => node.id).filter(KG.nodeOn) : KG.board.held());

  /* Roles are said outright: on a narrow window each row is a card, and would else be no row to a screen reader. */
  const cell = (head) => (value, n) => {
    const attributes = { role: "cell", "data-head": KG.t(head[n]) };
    if (typeof value === "number") {
      return h("td", attributes, h("button", { type: "button", class: "chip", "data-node": value, onclick: () => KG.select({ node: value }) }, KG.icon(KG.nodes[value].kind), h("span", {}, KG.nodes[value].label)));
    }
    if (value && value.quote) {
      const { before, text, after } = value.quote;
      return h("td", { ...attributes, class: "said-by" }, h("span", { class: "around" }, before), h("mark", {}, text), h("span", { class: "around" }, after));
    }
    return h("td", attributes, value);
  };
  const render = () => {
    sheet.hidden = !KG.tableOpen;
    document.body.classList.toggle("tabular", KG.tableOpen);
    KG.$("as-table").setAttribute("aria-pressed", String(KG.tableOpen));
    KG.$("graph").hidden = !isGraph() || KG.tableOpen;
    if (!KG.tableOpen) { sheet.replaceChildren(); return; }
    const { head, rows } = KG.table();
    const line = (row) => h("tr", { role: "row" }, row.map(cell(head)));
    const body = h("tbody", { role: "rowgroup" }, rows.slice(0, MOST).map(line));
    let at = MOST;
    const more = rows.length > MOST ? h("button", { type: "button", class: "more", onclick: () => {
      body.append(...rows.slice(at, at + MOST).map(line));
      at += MOST;
      if (at >= rows.length) more.remove();
      else more.textContent = KG.t("more", { n: KG.number(rows.length - at) });
    } }, KG.t("more", { n: KG.number(rows.length - MOST) })) : null;
    sheet.replaceChildren(h("table", { role: "table" },
      h("caption", {}, `${KG.t(`view_title_${KG.tab}`)} · ${KG.t("table_rows", { n: KG.number(rows.length) })}`),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, head.map((key) => h("th", { scope: "col", role: "columnheader" }, KG.t(key))))), body), ...[more].filter(Boolean));
  };
  KG.setTable = (open) => {
    KG.tableOpen = open;
    render();
    KG.emit("table");
    if (!open && isGraph()) KG.scene.redraw();
  };
  KG.on("language tab scheme sheet", render);
  KG.on("shown filtered", () => { if (KG.tableOpen) render(); });
})();
