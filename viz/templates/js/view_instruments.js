/* Policy instruments by date, and which stands on which: arcs on the left lead from a document to its grounds. */
(() => {
  const MANY = 20; // so many arcs are thin, or they would be one bar
  const shown = () => ({
    entries: KG.boards.instruments.entries.filter(([node]) => KG.nodeOn(node)).map(([node, date, byNumber]) => ({ node, date, byNumber: Boolean(byNumber) })),
    citations: KG.boards.instruments.citations.map((n) => KG.edges[n]).filter(KG.edgeOn),
  });
  const note = (i) => {
    const node = KG.nodes[i];
    const fact = (name) => { const found = node.facts.find((f) => f.label === name); return found ? KG.factValue(found) : ""; };
    const issuers = node.edges.filter((edge) => edge.predicate === "issuedBy" && edge.from === i).map((edge) => KG.nodes[edge.to].label);
    return [fact("documentNumber"), issuers.join(KG.lang === "zh" ? "、" : ", "), fact("status")].filter(Boolean).join(" · ");
  };
  const dateOf = ({ date, byNumber }) => (byNumber ? KG.t("by_number", { year: date }) : date);

  const draw = (board) => {
    const { entries, citations } = shown();
    if (!entries.length) return;
    let y = KG.boardHead(board, KG.t("view_title_instruments"), KG.t(citations.length ? "about_instruments" : "about_instruments_none"));
    const margin = board.narrow ? 14 : 24;
    const linked = new Set(citations.flatMap((edge) => [edge.from, edge.to]));
    const arcs = citations.length ? (board.narrow ? 44 : 130) : 0;
    const dates = board.narrow ? 0 : 96;
    const x = margin + arcs + dates;
    const w = Math.min(board.width - x - margin, 860);
    const first = entries.filter((entry) => entry.date || linked.has(entry.node));
    const rest = entries.filter((entry) => !entry.date && !linked.has(entry.node));
    let year = null;
    for (const entry of first) {
      const now = entry.date.slice(0, 4) || KG.t("no_date");
      if (now !== year) {
        if (year !== null) y += 12;
        y = board.text(x, y, now, { size: 14.5, weight: 650, colour: "soft" }) + 6;
        year = now;
      }
      const line = board.narrow && entry.date.length > 4 ? `${entry.date} · ` : entry.byNumber && board.narrow ? `${dateOf(entry)} · ` : "";
      const box = board.card(x, y, w, { node: entry.node, note: line + note(entry.node) });
      if (!board.narrow && entry.date) board.text(x - 12, y + 9, entry.byNumber ? KG.t("by_number_short") : entry.date, { size: 12, colour: "soft", anchor: "end" });
      y += box.h + 8;
    }
    const many = citations.length > MANY;
    for (const edge of citations) {
      const [p, q] = [board.cards.get(edge.from), board.cards.get(edge.to)];
      if (!p || !q) continue;
      const edge_ = x - dates - 6;
      const [y1, y2] = [p.y + 18, q.y + 18];
      const far = Math.min(arcs - 8, 26 + Math.abs(y2 - y1) / 7);
      const d = `M${edge_},${y1}C${edge_ - far * 1.2},${y1} ${edge_ - far * 1.2},${y2} ${edge_},${y2}`;
      board.link(edge.from, edge.to, d, { selection: { pair: KG.scene.pairBetween(edge.from, edge.to) }, colour: "accent", width: many ? 1 : 1.6, faint: many, arrow: KG.head(edge_ + 4, y2, 1, 0) });
    }
    if (!rest.length) return;
    y = board.text(margin, y + 18, KG.t("no_date_rest", { n: rest.length }), { size: 13.5, weight: 600, limit: board.width - 2 * margin }) + 8;
    const columns = board.narrow ? 1 : board.width > 1000 ? 3 : 2;
    const wide = (board.width - 2 * margin - (columns - 1) * 12) / columns;
    for (let at = 0; at < rest.length; at += columns) {
      const boxes = rest.slice(at, at + columns).map(({ node }, c) => board.card(margin + c * (wide + 12), y, wide, { node, size: 12.5, note: note(node) }));
      y += Math.max(...boxes.map((box) => box.h)) + 10;
    }
  };

  KG.boardViews.instruments = {
    draw,
    table() {
      const { entries, citations } = shown();
      return {
        head: ["col_date", "col_thing", "col_about", "col_based", "quote", "col_source"],
        rows: entries.flatMap((entry) => {
          const grounds = citations.filter((edge) => edge.from === entry.node);
          const head = [entry.date ? dateOf(entry) : KG.t("no_date"), entry.node, note(entry.node)];
          return grounds.length ? grounds.map((edge) => KG.rowOf([...head, edge.to], edge.quotes)) : [KG.rowOf([...head, ""], KG.nodes[entry.node].quotes.slice(0, 1))];
        }),
      };
    },
  };
})();
