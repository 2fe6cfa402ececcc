/* The ladder of tiers: the highest level on top, and on each rung what it gets. */
(() => {
  const MOST = 4;
  const rungs = () => KG.boards.tiers.rungs.filter(([node]) => KG.nodeOn(node)).map(([node, level, gets, supported, treated]) => ({
    node, level, gets: gets.map((n) => KG.nodes[node].facts[n]),
    supported: supported.map((n) => KG.edges[n]).filter(KG.edgeOn), treated: treated.map((n) => KG.edges[n]).filter(KG.edgeOn),
  }));
  const steps = () => KG.boards.tiers.steps.map((n) => KG.edges[n]).filter(KG.edgeOn);
  const joint = () => (KG.lang === "zh" ? "、" : ", ");

  const lines = ({ gets, supported, treated }) => {
    const sums = gets.filter((fact) => fact.figure).sort((a, b) => (b.figure.unit === "CNY") - (a.figure.unit === "CNY") || Number(b.figure.value) - Number(a.figure.value));
    /* What two sources say alike is said once. */
    const distinct = [...new Map(sums.map((fact) => [`${fact.figure.metric}/${KG.badgeText(fact.figure)}`, fact])).values()];
    const found = distinct.slice(0, MOST).map((fact) => ({ text: fact.figure.metric || KG.factName(fact), figure: fact.figure }));
    if (distinct.length > MOST) found.push({ text: KG.t("more", { n: distinct.length - MOST }) });
    const names = [...new Set(supported.map((edge) => KG.nodes[edge.from].short))];
    if (names.length) found.push({ text: KG.t("tiers_from", { names: names.slice(0, 3).join(joint()) + (names.length > 3 ? ` +${names.length - 3}` : "") }) });
    const as = [...new Set(treated.map((edge) => KG.nodes[edge.to].short))];
    if (as.length) found.push({ text: KG.t("tiers_as", { names: as.join(joint()) }) });
    return found;
  };

  const draw = (board) => {
    const all = rungs();
    if (!all.length) return;
    let y = KG.boardHead(board, KG.t("view_title_tiers"), KG.t("about_tiers"));
    const margin = board.narrow ? 14 : 24;
    const side = board.narrow ? 0 : 92;
    const room = board.width - 2 * margin - side - 24;
    const count = Math.max(1, Math.floor((room + 22) / (board.narrow ? 9999 : 252)));
    const w = (room - (count - 1) * 22) / count;
    KG.boards.tiers.levels.forEach((level, n) => {
      const here = all.filter((rung) => rung.level === n);
      if (!here.length) return;
      const begin = y;
      if (side) board.text(margin + 12, y + 14, KG.levelName(level), { size: 13, weight: 650, colour: "soft", limit: side - 20 });
      else y = board.text(margin + 12, y + 8, KG.levelName(level), { size: 13, weight: 650, colour: "soft" });
      y += 12;
      for (let at = 0; at < here.length; at += count) {
        const boxes = here.slice(at, at + count).map((rung, c) => board.card(margin + side + 12 + c * (w + 22), y, w, { node: rung.node, weight: 600, lines: lines(rung) }));
        y += Math.max(...boxes.map((box) => box.h)) + 16;
      }
      board.band(margin, begin, board.width - 2 * margin, y - begin);
      y += 26;
    });
    for (const edge of steps()) {
      const [p, q] = [board.cards.get(edge.from), board.cards.get(edge.to)];
      if (!p || !q) continue;
      const pair = KG.scene.pairBetween(edge.from, edge.to);
      const up = edge.predicate === "advancesTo";
      const style = { selection: { pair }, colour: up ? "accent" : "edge", width: up ? 2 : 1.3, dash: up ? null : "4 4" };
      const [mx, my] = [q.x + q.w / 2, q.y];
      if (Math.abs(p.y - q.y) < 4) {
        const forth = q.x > p.x;
        const near = Math.abs(q.x - p.x) < w + 40;
        if (near) {
          const [x1, x2] = forth ? [p.x + p.w, q.x] : [p.x, q.x + q.w];
          board.link(edge.from, edge.to, `M${x1},${p.y + 18}H${x2}`, { ...style, arrow: KG.head(x2, p.y + 18, forth ? 1 : -1, 0) });
        } else {
          board.link(edge.from, edge.to, `M${p.x + p.w / 2},${p.y}C${p.x + p.w / 2},${p.y - 26} ${mx},${my - 26} ${mx},${my}`, { ...style, arrow: KG.head(mx, my, 0, 1) });
        }
      } else {
        /* Through the gaps between rows and beside columns, so that no card is crossed. */
        const up_ = q.y < p.y;
        const [x1, y1, y2] = [p.x + p.w / 2, up_ ? p.y : p.y + p.h, up_ ? q.y + q.h : q.y];
        const side_ = q.x - 11;
        const way = up_ ? -8 : 8;
        const direct = up_ ? q.y + q.h + 40 > p.y : p.y + p.h + 40 > q.y;
        const points = direct
          ? [[x1, y1], [x1, y1 + way], [mx, y1 + way], [mx, y2]]
          : [[x1, y1], [x1, y1 + way], [side_, y1 + way], [side_, y2 - way * 1.6], [mx, y2 - way * 1.6], [mx, y2]];
        board.link(edge.from, edge.to, KG.bent(points), { ...style, arrow: KG.head(mx, y2, 0, up_ ? -1 : 1) });
      }
    }
  };

  KG.boardViews.tiers = {
    draw,
    table: () => ({
      head: ["col_level", "col_thing", "col_gets", "col_figure", "quote", "col_source"],
      rows: rungs().flatMap((rung) => {
        const level = KG.levelName(KG.boards.tiers.levels[rung.level]);
        const rows = [
          ...rung.gets.map((fact) => KG.rowOf([level, rung.node, KG.factName(fact), KG.factValue(fact)], fact.quotes)),
          ...rung.supported.map((edge) => KG.rowOf([level, rung.node, edge.from, KG.predicateName(edge, true)], edge.quotes)),
          ...rung.treated.map((edge) => KG.rowOf([level, rung.node, edge.to, KG.predicateName(edge)], edge.quotes)),
          ...steps().filter((edge) => edge.from === rung.node).map((edge) => KG.rowOf([level, rung.node, edge.to, KG.predicateName(edge)], edge.quotes)),
        ];
        return rows.length ? rows : [KG.rowOf([level, rung.node, "", ""], [])];
      }),
    }),
  };
})();
