/* What the graph shows: the most important nodes, all of them, the neighbourhood of one, or a path; what is chosen; the way
   back and forth. */
(() => {
  const scene = KG.scene;
  const copy = (places) => new Map([...places].map(([i, place]) => [i, { ...place }]));
  const NEAR = 150; // more neighbours than that are no picture
  const GROW = 40;
  const PAST = 50;

  KG.selection = null; // {node}, {pair}, {path} or {schema}
  /* added, gone: what somebody put in or took out, in order, so that an address can say it. */
  const view = (mode, shown, more = {}) => ({ mode, list: false, centre: null, ends: null, shown, added: [], gone: new Set(), ...more });
  KG.view = view("first", copy(KG.first));
  const past = [];
  const future = [];

  KG.update = () => {
    scene.show(new Map([...KG.view.shown].filter(([i]) => KG.nodeOn(i))));
    KG.emit("shown");
  };
  KG.on("filtered", () => { KG.update(); scene.redraw(); });

  const now = () => ({
    view: { ...KG.view, shown: copy(KG.view.shown), added: [...KG.view.added], gone: new Set(KG.view.gone) },
    selection: KG.selection, camera: scene.position(),
  });
  const remember = () => {
    past.push(now());
    if (past.length > PAST) past.shift();
    future.length = 0;
  };
  const step = (from, to) => {
    const last = from.pop();
    if (!last) return;
    to.push(now());
    KG.view = last.view;
    KG.selection = last.selection;
    KG.update();
    scene.moveTo(last.camera);
    KG.emit("selected");
  };
  KG.canGoBack = () => past.length > 0;
  KG.canGoForth = () => future.length > 0;
  KG.back = () => step(past, future);
  KG.forth = () => step(future, past);

  const go = (next, remembered = true) => {
    if (remembered) remember();
    KG.view = next;
    KG.update();
    scene.fit(null, false);
  };
  const around = (i) => {
    const near = KG.neighbours(i).filter(KG.nodeOn).sort(KG.byRank).slice(0, NEAR);
    const list = KG.places.isList(near.length);
    return view("near", list ? KG.places.list(i, KG.places.listed(near)) : KG.places.around(i, near), { list, centre: i });
  };
  KG.goFirst = () => { go(view("first", copy(KG.first))); KG.select(null); };
  KG.goAll = () => { go(view("all", copy(KG.whole))); KG.select(null); };
  KG.goNear = (i) => {
    KG.switchOn(i);
    go(around(i));
    KG.select({ node: i });
  };
  KG.goPath = (path) => {
    for (const i of path.nodes) KG.switchOn(i);
    go(view("path", KG.places.row(path.nodes), { ends: [path.nodes[0], path.nodes.at(-1)] }));
    KG.select({ path });
  };
  /* Show a state that an address tells, without a way back to what was there before. */
  KG.goTo = (mode, centre) => {
    const next = mode === "near" ? around(centre) : view(mode, copy(mode === "all" ? KG.whole : KG.first));
    go(next, false);
  };

  /* A class that is switched off comes back if one of it is asked for. */
  KG.switchOn = (i) => { if (KG.filter.kinds.has(KG.nodes[i].kind)) KG.switchKind(KG.nodes[i].kind, true); };

  /* Neighbours of a node that are not shown. */
  KG.missing = (i) => KG.neighbours(i).filter((j) => !KG.view.shown.has(j) && KG.nodeOn(j));
  const add = (anchor, numbers) => {
    KG.places.beside(KG.view.shown, anchor, numbers);
    for (const j of numbers) { KG.view.added.push(j); KG.view.gone.delete(j); }
  };
  KG.grow = (i) => {
    const more = KG.missing(i).sort(KG.byRank).slice(0, GROW);
    if (!more.length) return;
    remember();
    add(i, more);
    KG.update();
    KG.emit("selected");
    const outside = more.some((j) => {
      const p = scene.toScreen(KG.view.shown.get(j));
      return p.x < 20 || p.y < 20 || p.x > scene.container.clientWidth - 20 || p.y > scene.container.clientHeight - 20;
    });
    if (outside && !KG.view.list) scene.fit([i, ...KG.neighbours(i)]);
  };
  /* Put nodes back in that an address names, each beside what is there. */
  KG.restore = (added, gone, pinned) => {
    for (const i of added) {
      if (KG.view.shown.has(i)) continue;
      const anchor = KG.neighbours(i).filter((j) => KG.view.shown.has(j)).sort(KG.byRank)[0] ?? KG.view.shown.keys().next().value;
      if (anchor !== undefined) add(anchor, [i]);
    }
    for (const i of gone) { KG.view.shown.delete(i); KG.view.gone.add(i); }
    for (const [i, place] of pinned) if (KG.view.shown.has(i)) Object.assign(KG.view.shown.get(i), place, { pinned: true });
    KG.update();
  };
  KG.remove = (i) => {
    remember();
    KG.view.shown.delete(i);
    KG.view.gone.add(i);
    KG.view.added = KG.view.added.filter((j) => j !== i);
    KG.selection = null;
    KG.update();
    KG.emit("selected");
  };

  /* Pinned: it stays where somebody put it, and a shared view shows it there. */
  let held = null;
  scene.on("drag", ({ node, place }) => {
    if (held !== node) remember();
    held = node;
    if (KG.view.shown.has(node)) scene.put(node, { ...place, pinned: true }, true);
  });
  scene.on("settled", () => {
    if (held !== null) { KG.emit("shown"); KG.emit("selected"); }
    held = null;
  });
  KG.pin = (i, pinned) => {
    remember();
    scene.put(i, { pinned });
    KG.emit("shown");
    KG.emit("selected");
  };

  KG.select = (selection) => {
    KG.selection = selection;
    KG.emit("selected");
    scene.redraw();
  };

  /* Choose a node wherever it is: in the view that is open, if it holds it; else in the graph, beside a neighbour, or alone
     with its own. */
  KG.open = (i) => {
    if (KG.pathFrom !== null) { KG.finishPath(i); return; }
    KG.switchOn(i);
    if (KG.tab === "agencies") KG.boardViews.agencies.widen(i);
    if (KG.tab === "answers" && KG.sheetOf(i) >= 0) KG.openSheet(KG.sheetOf(i));
    if (KG.tab !== "graph" && KG.tab !== "about" && KG.board.holds(i)) {
      KG.select({ node: i });
      KG.board.reveal(i);
      return;
    }
    if (KG.tab !== "graph" && KG.tab !== "about") KG.setTab("graph");
    if (!KG.view.shown.has(i)) {
      const anchor = KG.neighbours(i).filter((j) => KG.view.shown.has(j)).sort(KG.byRank)[0];
      if (anchor === undefined) { KG.goNear(i); return; }
      remember();
      add(anchor, [i]);
    }
    KG.update();
    KG.select({ node: i });
    scene.reveal(i);
  };

  /* What was hit, not what the renderer holds selected: we show what is chosen ourselves. */
  scene.on("click", (point) => {
    const spot = KG.growSpot();
    if (spot && Math.hypot(spot.x - point.x, spot.y - point.y) <= spot.r + 2) { KG.grow(KG.selection.node); return; }
    const node = scene.nodeAt(point);
    if (node !== null && KG.pathFrom !== null) { KG.finishPath(node); return; }
    if (node !== null) { KG.select({ node }); return; }
    const line = scene.pairAt(point);
    KG.select(line === null ? null : { pair: scene.pair(line) });
  });
  scene.on("dblclick", (point) => {
    const node = scene.nodeAt(point);
    if (node !== null) KG.goNear(node);
  });
})();
