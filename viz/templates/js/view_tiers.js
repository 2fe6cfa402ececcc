/* The ladder of tiers: the highest level on top, and on each rung what it gets. */
(() => {
  const MOST = 4;
  const rungs = () => KG.boards.tiers.rungs.filter(([node]) => KG.nodeOn(node)).map(([node, level, gets, supported, treated, conditions]) => ({
    node, level, gets: gets.map(([n, place]) => ({ fact: KG.nodes[node].facts[n], place })), conditions: conditions.map((n) => KG.nodes[node].facts[n]),
    supported: supported.map((n) => KG.edges[n]).filter(KG.edgeOn), treated: treated.map((n) => KG.edges[n]).filter(KG.edgeOn),
  }));
  const steps = () => KG.boards.tiers.steps.map((n) => KG.edges[n]).filter(KG.edgeOn);
  const joint = () => (KG.lang === "zh" ? "、" : ", ");

  const conditions = (figures) => figures.map(KG.conditionText).join(KG.lang === "zh" ? "；" : "; ");
  const placeName = (place) => (place === null ? "" : KG.nodes[place].label);

  /* What a tier gets, where, and under which condition; then what it takes to be of the tier, and who supports it. */
  const lines = ({ gets, supported, treated, conditions: own }) => {
    const sums = gets.filter(({ fact }) => fact.figure).map(({ fact, place }) => ({
      text: fact.figure.metric || KG.factName(fact), figure: fact.figure,
      more: [placeName(place), fact.figure.conditions.length && KG.t("figure_if", { what: conditions(fact.figure.conditions) })].filter(Boolean).join(" · "),
    })).sort((a, b) => (b.figure.unit === "CNY") - (a.figure.unit === "CNY") || Number(b.figure.value) - Number(a.figure.value));
    /* What two sources say alike is said once. */
    const distinct = [...new Map(sums.map((sum) => [`${sum.text}/${KG.badgeText(sum.figure)}/${sum.more}`, sum])).values()];
    const found = distinct.slice(0, MOST);
    if (distinct.length > MOST) found.push({ text: KG.t("more", { n: distinct.length - MOST }) });
    const needs = own.filter((fact) => fact.figure).map((fact) => fact.figure);
    if (needs.length) found.push({ text: KG.t("figure_if", { what: conditions(needs) }) });
    const names = [...new Set(supported.map((edge) => KG.nodes[edge.from].short))];
    if (names.length) found.push({ text: KG.t("tiers_from", { names: names.slice(0, 3).join(joint()) + (names.length > 3 ? ` +${names.length - 3}` : "") }) });
    const as = [...new Set(treated.map((edge) => KG.nodes[edge.to].short))];
    if (as.length) found.push({ text: KG.t("tiers_as", { names: as.join(joint()) }) });
    return found;
  };

  const GAP = 22; // between rows and columns: there run the lines, in one of three lanes, so that few lie on each other
  const LANES = [9, 13, 17];
  /* The corners of a line from card to card that crosses no card, and the direction in which it arrives. *aside*: how far from
     the middle of the cards. */
  const way = (p, q, lane, aside) => {
    const [x1, x2] = [p.x + p.w / 2 + aside, q.x + q.w / 2 + aside];
    const fall = q.row.number - p.row.number;
    if (!fall && Math.abs(q.x - p.x) < p.w + 2 * GAP) {
      const forth = q.x > p.x ? 1 : -1;
      return [[[forth > 0 ? p.x + p.w : p.x, p.y + 18], [forth > 0 ? q.x : q.x + q.w, p.y + 18]], forth, 0];
    }
    const down = fall > 0;
    const leave = down ? p.row.bottom + lane : p.row.top - lane;
    const arrive = fall >= 0 ? q.row.top - lane : q.row.bottom + lane;
    const beside = q.x - lane + 2;
    const between = Math.abs(fall) > 1 ? [[beside, leave], [beside, arrive], [x2, arrive]] : [[x2, leave]];
    return [[[x1, down ? p.y + p.h : p.y], [x1, leave], ...between, [x2, fall >= 0 ? q.y : q.y + q.h]], 0, fall >= 0 ? 1 : -1];
  };

  const draw = (board) => {
    const all = rungs();
    if (!all.length) return;
    const rows = [];
    let y = KG.boardHead(board, KG.t("view_title_tiers"), KG.t("about_tiers"));
    const margin = board.narrow ? 14 : 24;
    const side = board.narrow ? 0 : 92;
    const room = board.width - 2 * margin - side - 24;
    const count = Math.max(1, Math.floor((room + GAP) / (board.narrow ? 9999 : 252)));
    const w = (room - (count - 1) * GAP) / count;
    KG.boards.tiers.levels.forEach((level, n) => {
      const here = all.filter((rung) => rung.level === n);
      if (!here.length) return;
      const begin = y;
      if (side) board.text(margin + 12, y + 14, KG.levelName(level), { size: 13, weight: 650, colour: "soft", limit: side - 20 });
      else y = board.text(margin + 12, y + 8, KG.levelName(level), { size: 13, weight: 650, colour: "soft" });
      y += 12;
      for (let at = 0; at < here.length; at += count) {
        const boxes = here.slice(at, at + count).map((rung, c) => board.card(margin + side + 12 + c * (w + GAP), y, w, { node: rung.node, weight: 600, lines: lines(rung) }));
        const row = { number: rows.length, top: y, bottom: y + Math.max(...boxes.map((box) => box.h)) };
        for (const box of boxes) box.row = row;
        rows.push(row);
        y = row.bottom + GAP;
      }
      board.band(margin, begin, board.width - 2 * margin, y - begin);
      y += 26;
    });
    steps().forEach((edge, n) => {
      const [p, q] = [board.cards.get(edge.from), board.cards.get(edge.to)];
      if (!p || !q) return;
      const up = edge.predicate === "advancesTo";
      const [points, ux, uy] = way(p, q, LANES[n % LANES.length], up ? 0 : 24);
      board.link(edge.from, edge.to, KG.bent(points), {
        selection: { pair: KG.scene.pairBetween(edge.from, edge.to) }, colour: up ? "accent" : "edge", width: up ? 2 : 1.3, dash: up ? null : "4 4", arrow: KG.head(...points.at(-1), ux, uy),
      });
    });
  };

  KG.boardViews.tiers = {
    draw,
    table: () => ({
      head: ["col_level", "col_thing", "col_gets", "col_figure", "col_place", "col_condition", "quote", "col_source"],
      rows: rungs().flatMap((rung) => {
        const level = KG.levelName(KG.boards.tiers.levels[rung.level]);
        const rows = [
          ...rung.gets.map(({ fact, place }) => KG.rowOf([level, rung.node, KG.factName(fact), KG.factValue(fact), place ?? "", fact.figure ? conditions(fact.figure.conditions) : ""], fact.quotes)),
          ...rung.conditions.map((fact) => KG.rowOf([level, rung.node, "", "", "", fact.figure ? conditions([fact.figure]) : KG.factValue(fact)], fact.quotes)),
          ...rung.supported.map((edge) => KG.rowOf([level, rung.node, edge.from, KG.predicateName(edge, true), "", ""], edge.quotes)),
          ...rung.treated.map((edge) => KG.rowOf([level, rung.node, edge.to, KG.predicateName(edge), "", ""], edge.quotes)),
          ...steps().filter((edge) => edge.from === rung.node).map((edge) => KG.rowOf([level, rung.node, edge.to, KG.predicateName(edge), "", ""], edge.quotes)),
        ];
        return rows.length ? rows : [KG.rowOf([level, rung.node, "", "", "", ""], [])];
      }),
    }),
  };
})();
