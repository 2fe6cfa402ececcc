/* The classes and properties of this page, with their numbers. */
(() => {
  const { classes, properties } = KG.boards.schema;
  const counts = new Map(classes);
  const inUse = [...counts.keys()].sort((a, b) => KG.kindOrder(a) - KG.kindOrder(b));
  const groups = () => Object.keys(KG.look.groups)
    .map((group) => [KG.groupName(group), inUse.filter((kind) => KG.lookOf(kind).group === group)]).filter(([, kinds]) => kinds.length);
  const card = (board, x, y, w, kind, lines = []) => board.card(x, y, w, { schema: kind, name: `${KG.kindName(kind)}  ${KG.number(counts.get(kind))}`, note: `pk:${kind}`, lines, weight: 600 });

  const wide = (board, top) => {
    const columns = groups();
    const margin = 40;
    const gap = Math.max(56, (board.width - 2 * margin - columns.length * 190) / Math.max(columns.length - 1, 1));
    const w = (board.width - 2 * margin - gap * (columns.length - 1)) / columns.length;
    const tall = Math.max(...columns.map(([, kinds]) => kinds.length)) * 66;
    columns.forEach(([name, kinds], c) => {
      const x = margin + c * (w + gap);
      board.text(x, top, name, { size: 12.5, weight: 600, colour: "soft" });
      const space = kinds.length > 1 ? Math.min(110, tall / kinds.length) : 0;
      const begin = top + 28 + (tall - space * kinds.length) / 2;
      kinds.forEach((kind, n) => card(board, x, (kinds.length > 1 ? begin + n * space : top + 28 + tall / 2 - 25), w, kind));
    });
    const between = new Map();
    for (const [a, p, b, n] of properties) {
      if (a === b) continue;
      const key = `${a} ${b}`;
      if (!between.has(key)) between.set(key, { a, b, n: 0, names: [] });
      between.get(key).n += n;
      between.get(key).names.push(p);
    }
    for (const { a, b, n } of between.values()) {
      const [p, q] = [board.cards.get(a), board.cards.get(b)];
      if (!p || !q) continue;
      const [py, qy] = [p.y + p.h / 2, q.y + q.h / 2];
      let d;
      if (p.x === q.x) {
        const far = 22 + Math.abs(py - qy) / 9;
        d = `M${p.x},${py}C${p.x - far},${py} ${p.x - far},${qy} ${p.x},${qy}`;
      } else d = p.x < q.x ? KG.curve({ ...p, h: Math.min(p.h, 2 * 25) }, q) : KG.curve({ ...q }, p);
      board.link(a, b, d, { width: 0.6 + Math.log2(1 + n) / 3.6, faint: true, selection: { schema: { kind: a } } });
    }
  };
  const narrow = (board, top) => {
    let y = top;
    for (const [name, kinds] of groups()) {
      y = board.text(14, y + 4, name, { size: 12.5, weight: 600, colour: "soft" }) + 6;
      for (const kind of kinds) {
        const lines = properties.filter(([a]) => a === kind).slice(0, 4).map(([, p, b, n]) => ({ text: `${KG.propertyName(p)} → ${KG.kindName(b)} · ${KG.number(n)}` }));
        y += card(board, 14, y, board.width - 28, kind, lines).h + 8;
      }
    }
  };

  KG.boardViews.schema = {
    draw(board) {
      if (!classes.length) return;
      board.reach = 1;
      const top = KG.boardHead(board, KG.t("view_title_schema"), KG.t(board.narrow ? "about_schema_narrow" : "about_schema"));
      (board.narrow ? narrow : wide)(board, top);
    },
    table: () => ({
      head: ["col_class", "col_property", "col_class_to", "col_number"],
      rows: [
        ...classes.map(([kind, n]) => [`${KG.kindName(kind)}（pk:${kind}）`, "", "", KG.number(n)]),
        ...properties.map(([a, p, b, n]) => [`${KG.kindName(a)}（pk:${a}）`, `${KG.propertyName(p)}（${KG.termName(p)}）`, `${KG.kindName(b)}（pk:${b}）`, KG.number(n)]),
      ],
    }),
  };
})();
