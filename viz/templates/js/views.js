/* What is shown: the most important nodes, all of them, or the neighbourhood of one; what is chosen; the way back. */
(() => {
  const scene = KG.scene;
  const copy = (places) => new Map([...places].map(([i, { x, y }]) => [i, { x, y }]));
  const NEAR = 150; // more neighbours than that are no picture
  const GROW = 40;

  KG.hidden = new Set(); // classes that are switched off
  KG.selection = null; // {node} or {pair}
  KG.view = { mode: "first", centre: null, shown: copy(KG.first) };
  const past = [];

  const update = () => {
    scene.show(new Map([...KG.view.shown].filter(([i]) => !KG.hidden.has(KG.nodes[i].kind))));
    scene.hover = null;
    KG.emit("shown");
  };
  KG.update = update;

  const remember = () => {
    const { x, y } = scene.network.getViewPosition();
    past.push({ view: { ...KG.view, shown: copy(KG.view.shown) }, selection: KG.selection, position: { x, y }, scale: scene.network.getScale() });
    if (past.length > 50) past.shift();
  };
  KG.canGoBack = () => past.length > 0;
  KG.back = () => {
    const last = past.pop();
    if (!last) return;
    KG.view = last.view;
    KG.selection = last.selection;
    update();
    scene.network.moveTo({ position: last.position, scale: last.scale, animation: false });
    KG.emit("selected");
  };

  const go = (view, animate = false) => {
    remember();
    KG.view = view;
    update();
    scene.fit(undefined, animate);
  };
  KG.goFirst = () => { go({ mode: "first", centre: null, shown: copy(KG.first) }); KG.select(null); };
  KG.goAll = () => { go({ mode: "all", centre: null, shown: copy(KG.whole) }); KG.select(null); };
  KG.goNear = (i) => {
    const near = KG.neighbours(i).sort((a, b) => KG.nodes[a].rank - KG.nodes[b].rank).slice(0, NEAR);
    KG.hidden.delete(KG.nodes[i].kind);
    go({ mode: "near", centre: i, shown: KG.places.around(i, near) });
    KG.select({ node: i });
  };

  /* Neighbours of a node that are not shown. */
  KG.missing = (i) => KG.neighbours(i).filter((j) => !KG.view.shown.has(j) && !KG.hidden.has(KG.nodes[j].kind));
  KG.grow = (i) => {
    const more = KG.missing(i).sort((a, b) => KG.nodes[a].rank - KG.nodes[b].rank).slice(0, GROW);
    if (!more.length) return;
    remember();
    KG.places.beside(KG.view.shown, i, more);
    update();
    KG.emit("selected");
    const outside = more.some((j) => {
      const p = scene.network.canvasToDOM(KG.view.shown.get(j));
      return p.x < 20 || p.y < 20 || p.x > scene.container.clientWidth - 20 || p.y > scene.container.clientHeight - 20;
    });
    if (outside) scene.fit([i, ...KG.neighbours(i)]);
  };
  KG.remove = (i) => {
    remember();
    KG.view.shown.delete(i);
    KG.selection = null;
    update();
    KG.emit("selected");
  };

  KG.select = (selection) => {
    KG.selection = selection;
    KG.emit("selected");
    scene.redraw();
  };

  /* Choose a node wherever it is: if it is not shown, it comes in beside a neighbour, or alone with its own. */
  KG.open = (i) => {
    KG.hidden.delete(KG.nodes[i].kind);
    if (!KG.view.shown.has(i)) {
      const anchor = KG.neighbours(i).filter((j) => KG.view.shown.has(j)).sort((a, b) => KG.nodes[a].rank - KG.nodes[b].rank)[0];
      if (anchor === undefined) { KG.goNear(i); return; }
      remember();
      KG.places.beside(KG.view.shown, anchor, [i]);
    }
    update();
    KG.select({ node: i });
    scene.reveal(i);
  };
  KG.openPair = (pair) => KG.select({ pair });

  KG.switchKind = (kind, on) => {
    if (on) KG.hidden.delete(kind);
    else KG.hidden.add(kind);
    update();
    scene.redraw();
  };
  KG.switchAll = (on) => {
    KG.hidden = on ? new Set() : new Set(KG.kinds);
    update();
    scene.redraw();
  };

  /* What was hit, not what vis-network holds selected: we show what is chosen ourselves. */
  scene.network.on("click", ({ pointer }) => {
    const node = scene.network.getNodeAt(pointer.DOM);
    const line = node === undefined ? scene.network.getEdgeAt(pointer.DOM) : undefined;
    if (node !== undefined) KG.select({ node });
    else KG.select(line === undefined ? null : { pair: scene.pair(line) });
    scene.network.unselectAll();
  });
  scene.network.on("doubleClick", ({ pointer }) => {
    const node = scene.network.getNodeAt(pointer.DOM);
    if (node !== undefined) KG.goNear(node);
  });
})();
