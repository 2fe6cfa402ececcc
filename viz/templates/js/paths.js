/* The shortest way from one thing to another, over statements that the filters let through. */
(() => {
  KG.pathFrom = null;

  KG.path = (from, to) => {
    const came = new Map([[from, null]]);
    let ring = [from];
    while (ring.length && !came.has(to)) {
      const next = [];
      /* Over the least linked ones first: what hangs on a hub is near to everything and says little. */
      for (const i of ring.slice().sort((a, b) => KG.nodes[a].edges.length - KG.nodes[b].edges.length || a - b)) {
        for (const edge of KG.nodes[i].edges) {
          const j = edge.from === i ? edge.to : edge.from;
          if (came.has(j) || !KG.edgeOn(edge) || !KG.nodeOn(j)) continue;
          came.set(j, i);
          next.push(j);
        }
      }
      ring = next;
    }
    if (!came.has(to)) return null;
    const nodes = [];
    for (let i = to; i !== null; i = came.get(i)) nodes.unshift(i);
    return { nodes, pairs: nodes.slice(1).map((j, n) => KG.scene.pairBetween(nodes[n], j)) };
  };

  KG.startPath = (i) => { KG.pathFrom = i; KG.emit("shown"); KG.emit("selected"); KG.emptySearch(); KG.$("query").focus(); };
  KG.cancelPath = () => { KG.pathFrom = null; KG.emit("shown"); KG.emit("selected"); };
  KG.finishPath = (to) => {
    const from = KG.pathFrom;
    KG.pathFrom = null;
    if (from === to) { KG.emit("shown"); return; }
    const path = KG.path(from, to);
    if (!path) {
      KG.emit("shown");
      KG.select({ node: to });
      KG.toast(KG.t("path_none", { a: KG.nodes[from].label, b: KG.nodes[to].label }));
      return;
    }
    if (KG.tab !== "graph") KG.setTab("graph", false);
    KG.goPath(path);
  };
})();
