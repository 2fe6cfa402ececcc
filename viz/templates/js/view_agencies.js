/* Who answers for what: agencies, what they run or issued, and whom it is for. */
(() => {
  /* One thing and all that lines lead to from it, either way. */
  const related = (links, i) => {
    const found = new Set([i]);
    for (const [from, to] of [["a", "b"], ["b", "a"]]) {
      let ring = [i];
      while (ring.length) {
        ring = links.filter((link) => ring.includes(link[from]) && !found.has(link[to])).map((link) => link[to]);
        for (const j of ring) found.add(j);
      }
    }
    return found;
  };
  let only = null; // the thing that all shown belongs to; of many agencies the rest is far away from it
  const shown = () => {
    const { blocks, links } = KG.boards.agencies;
    const all = links.map(([a, b, edges, figures]) => ({
      a, b, edges: edges.map((n) => KG.edges[n]).filter(KG.edgeOn), figures: figures.map((id) => KG.figureById.get(id)).filter(Boolean),
    })).filter(({ a, b, edges, figures }) => KG.nodeOn(a) && KG.nodeOn(b) && (edges.length || (figures.length && !KG.filter.predicates.size)));
    const among = only === null ? null : related(all, only);
    const kept = among ? all.filter(({ a, b }) => among.has(a) && among.has(b)) : all;
    const used = new Set(kept.flatMap(({ a, b }) => [a, b]));
    return { blocks: blocks.map((block) => block.map((column) => column.filter((i) => used.has(i)))).filter((block) => block.some((column) => column.length)), links: kept };
  };
  const selection = ({ a, b, edges, figures }) => (figures.length ? { figures: { a, b, list: figures, edges } } : { pair: KG.scene.pairBetween(a, b) });

  /* Cards keep their order and a distance, and are otherwise as near as can be to where they want to be: isotonic regression,
     by pooling neighbours that are in each other's way. */
  const settle = (boxes, wanted, gap) => {
    let offset = 0;
    const pools = [];
    for (const [n, box] of boxes.entries()) {
      pools.push({ sum: wanted[n] - offset, count: 1 });
      offset += box.h + gap;
      while (pools.length > 1 && pools.at(-2).sum / pools.at(-2).count > pools.at(-1).sum / pools.at(-1).count) {
        const last = pools.pop();
        pools.at(-1).sum += last.sum;
        pools.at(-1).count += last.count;
      }
    }
    offset = 0;
    let at = 0;
    for (const pool of pools) {
      for (let n = 0; n < pool.count; n += 1, at += 1) {
        boxes[at].y = pool.sum / pool.count + offset;
        offset += boxes[at].h + gap;
      }
    }
    const over = boxes.length ? boxes[0].top - boxes[0].y : 0;
    if (over > 0) for (const [n, box] of boxes.entries()) box.y = n ? Math.max(box.y, boxes[n - 1].y + boxes[n - 1].h + gap) : box.top;
  };

  /* One block, from *top* down; returns where it ends. */
  const block = (board, cols, links, top, margin, gap, w) => {
    /* Heights first: the column that needs most room stands close, the others beside what they belong to. */
    const GAP = 8;
    const measured = cols.map((column, c) => column.map((i) => {
      const height = board.height;
      const probe = board.card(margin + c * (w + gap), 0, w, { node: i });
      board.height = height;
      board.layers.cards.pop();
      board.cards.delete(i);
      return { i, h: probe.h, x: probe.x, y: 0, top };
    }));
    const full = measured.map((boxes) => boxes.reduce((sum, box) => sum + box.h + GAP, 0));
    const main = full.indexOf(Math.max(...full));
    const at = new Map();
    const fix = (c, wanted) => { settle(measured[c], wanted, GAP); for (const box of measured[c]) at.set(box.i, box.y + box.h / 2); };
    fix(main, measured[main].map(() => top));
    for (const c of [1, 0, 2].filter((n) => n !== main)) {
      fix(c, measured[c].map((box) => {
        const ys = links.filter(({ a, b }) => a === box.i || b === box.i).map(({ a, b }) => at.get(a === box.i ? b : a)).filter((y) => y !== undefined);
        return ys.length ? ys.reduce((sum, y) => sum + y, 0) / ys.length - box.h / 2 : top;
      }));
    }
    for (const boxes of measured) for (const box of boxes) board.card(box.x, box.y, w, { node: box.i });
    return Math.max(...measured.flat().map((box) => box.y + box.h));
  };

  const wide = (board, top) => {
    const { blocks, links } = shown();
    const margin = 24;
    const gap = Math.min(120, board.width * 0.09);
    const w = (board.width - 2 * margin - 2 * gap) / 3;
    const heads = ["agencies_who", "agencies_what", "agencies_whom"];
    heads.forEach((key, c) => board.text(margin + c * (w + gap), top, KG.t(key), { size: 12.5, weight: 600, colour: "soft" }));
    top += 26;
    for (const cols of blocks) top = block(board, cols, links, top, margin, gap, w) + 26;
    for (const link of links) {
      board.link(link.a, link.b, KG.curve(board.cards.get(link.a), board.cards.get(link.b)), {
        selection: selection(link), colour: link.figures.length ? "accent" : "edge", width: link.figures.length ? 1.8 : 1.2,
      });
    }
  };

  /* On a phone: each agency with what it runs, and whom that is for, in words. */
  const narrow = (board, top) => {
    const { blocks, links } = shown();
    const [agencies, owned] = [0, 1].map((c) => blocks.flatMap((cols) => cols[c]));
    const whom = (i) => links.filter(({ a }) => a === i).map(({ b }) => KG.nodes[b].label);
    const entry = (i, x, y) => {
      const names = whom(i);
      return board.card(x, y, board.width - x - 14, { node: i, note: names.length ? `→ ${names.join(KG.lang === "zh" ? "、" : ", ")}` : "" }).h;
    };
    let y = top;
    const led = new Set();
    for (const agency of agencies) {
      y += board.card(14, y, board.width - 28, { node: agency, weight: 650 }).h + 6;
      for (const { a, b } of links) {
        if (a !== agency || !owned.includes(b)) continue;
        y += entry(b, 34, y) + 6;
        led.add(b);
        board.links.push({ a, b, element: KG.s("g") });
      }
      y += 10;
    }
    const rest = owned.filter((i) => !led.has(i));
    if (rest.length) y = board.text(14, y + 4, KG.t("agencies_nobody"), { size: 12.5, weight: 600, colour: "soft" }) + 6;
    for (const i of rest) y += entry(i, 34, y) + 6;
  };

  const show = (i) => {
    only = i;
    KG.emit("sheet");
    if (KG.selection && KG.selection.node !== undefined) KG.board.reveal(KG.selection.node);
  };
  const button = (id, key, action) => KG.h("button", { type: "button", id, onclick: action }, KG.t(key));
  KG.boardViews.agencies = {
    /* What is asked for comes into sight, whatever is left out now. */
    widen(i) { if (only !== null && !KG.board.holds(i)) show(null); },
    chooser() {
      if (only !== null) return [button("show-all", "show_all", () => show(null))];
      const chosen = KG.selection && KG.selection.node;
      return chosen !== null && chosen !== undefined && KG.board.holds(chosen) ? [button("only", "only", () => show(chosen))] : [];
    },
    draw(board) {
      if (!shown().links.length) return;
      const top = KG.boardHead(board, KG.t("view_title_agencies"), KG.t(board.narrow ? "about_agencies_narrow" : "about_agencies"));
      (board.narrow ? narrow : wide)(board, top);
    },
    table: () => ({
      head: ["agencies_who", "col_property", "agencies_what", "figures", "quote", "col_source"],
      rows: shown().links.flatMap(({ a, b, edges, figures }) => [
        ...edges.map((edge) => KG.rowOf([a, KG.predicateName(edge, edge.from !== a), b, ""], edge.quotes)),
        ...figures.map((figure) => KG.rowOf([a, KG.propertyName("grants"), b, KG.badgeText(figure)], figure.line.quotes)),
      ]),
    }),
  };
})();
