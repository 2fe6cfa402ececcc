/* The drawing: vis-network holds what is shown, moves the camera and says what was hit; symbols are painted by us. */
(() => {
  const scene = { hover: null };
  KG.scene = scene;
  const nodes = new vis.DataSet();
  const edges = new vis.DataSet();
  const container = KG.$("graph");
  const colour = KG.look.page;
  let version = 0;
  let index = new Map();

  /* All statements between two nodes are one line, so that none hides another. */
  const pairs = new Map();
  for (const edge of KG.edges) {
    if (edge.from === edge.to) continue;
    const a = Math.min(edge.from, edge.to);
    const b = Math.max(edge.from, edge.to);
    const id = `${a}-${b}`;
    if (!pairs.has(id)) pairs.set(id, { id, a, b, edges: [] });
    pairs.get(id).edges.push(edge);
  }
  const pairsOf = KG.nodes.map(() => []);
  for (const pair of pairs.values()) {
    pairsOf[pair.a].push(pair);
    pairsOf[pair.b].push(pair);
  }
  scene.pair = (id) => pairs.get(id);
  scene.pairOf = (edge) => pairs.get(`${Math.min(edge.from, edge.to)}-${Math.max(edge.from, edge.to)}`);
  scene.pairsOf = (i) => pairsOf[i].filter((pair) => index.has(pair.a) && index.has(pair.b));

  const network = new vis.Network(container, { nodes, edges }, {
    ...KG.options,
    nodes: {
      ...KG.options.nodes,
      ctxRenderer: ({ ctx, id, x, y }) => {
        const { kind, size } = KG.nodes[id];
        return { drawNode: () => KG.paintSymbol(ctx, kind, x, y, size), nodeDimensions: { width: size * 2, height: size * 2 } };
      },
    },
  });
  scene.network = network;
  scene.container = container;

  /* Long lines are many and say little each: the longer, the fainter. */
  const edgeColour = (p, q) => {
    const length = Math.hypot(p.x - q.x, p.y - q.y);
    const alpha = Math.max(0.2, Math.min(0.95, 180 / length));
    return colour.edge + Math.round(alpha * 255).toString(16).padStart(2, "0");
  };

  scene.lineColour = (pair) => edgeColour(index.get(pair.a), index.get(pair.b));

  /* Draw these nodes, {number: {x, y}}, and all lines among them. */
  scene.show = (places) => {
    const gone = nodes.getIds().filter((i) => !places.has(i));
    const lines = new Map();
    for (const i of places.keys()) {
      for (const pair of pairsOf[i]) if (places.has(pair.a) && places.has(pair.b)) lines.set(pair.id, pair);
    }
    edges.remove(edges.getIds().filter((id) => !lines.has(id)));
    nodes.remove(gone);
    nodes.update([...places].map(([i, { x, y }]) => ({ id: i, x, y, size: KG.nodes[i].size })));
    edges.update([...lines.values()].map((pair) => ({
      id: pair.id, from: pair.a, to: pair.b, color: edgeColour(places.get(pair.a), places.get(pair.b)),
    })));
    network.setOptions({ interaction: { hideEdgesOnDrag: lines.size > 900, hideEdgesOnZoom: lines.size > 900 } });
    index = new Map(places);
    version += 1;
    scene.lines = [...lines.values()];
  };
  scene.lines = [];
  scene.shown = (i) => index.has(i);
  scene.places = () => index;
  scene.version = () => version;
  scene.redraw = () => network.redraw();

  /* The camera. *margin* leaves room for labels at the rim. */
  scene.fit = (numbers = [...index.keys()], animate = true) => {
    const box = scene.bounds(numbers);
    if (!box) return;
    const width = container.clientWidth;
    const height = container.clientHeight;
    const legend = KG.$("legend").getBoundingClientRect();
    /* An open legend takes the left of a wide window; below the symbols there are labels. */
    const left = legend.height > height / 2 && legend.width < width / 3 ? legend.width + 56 : 46;
    const [right, top, bottom] = [width > 760 ? 62 : 46, 58, 42];
    const scale = Math.min((width - left - right) / Math.max(box.width, 1), (height - top - bottom) / Math.max(box.height, 1), 1.15);
    network.moveTo({
      position: { x: box.x + (right - left) / 2 / scale, y: box.y + (bottom - top) / 2 / scale }, scale,
      animation: animate && !scene.still ? { duration: 350, easingFunction: "easeInOutQuad" } : false,
    });
  };
  scene.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  scene.bounds = (numbers) => {
    const found = numbers.map((i) => index.get(i)).filter(Boolean);
    if (!found.length) return null;
    const xs = found.map((p) => p.x);
    const ys = found.map((p) => p.y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
  };

  scene.zoom = (factor) => network.moveTo({
    scale: Math.max(0.05, Math.min(5, network.getScale() * factor)),
    animation: scene.still ? false : { duration: 180, easingFunction: "easeInOutQuad" },
  });

  /* Bring a node into the window without more movement than that needs. */
  scene.reveal = (i) => {
    const place = index.get(i);
    if (!place) return;
    const { x, y } = network.canvasToDOM(place);
    const margin = 80;
    const small = network.getScale() < 0.55;
    const inside = x > margin && y > margin && x < container.clientWidth - margin && y < container.clientHeight - margin;
    if (inside && !small) return;
    network.moveTo({
      position: place, scale: small ? 0.85 : network.getScale(),
      animation: scene.still ? false : { duration: 350, easingFunction: "easeInOutQuad" },
    });
  };

  /* Nodes that the user moves keep their new place. */
  network.on("dragEnd", ({ nodes: moved }) => {
    if (!moved.length) return;
    const places = network.getPositions(moved);
    for (const i of moved) {
      const place = index.get(i);
      if (place) Object.assign(place, places[i]);
    }
    version += 1;
    network.redraw();
  });
  network.on("hoverNode", ({ node }) => { scene.hover = node; container.classList.add("hit"); network.redraw(); });
  network.on("blurNode", () => { scene.hover = null; container.classList.remove("hit"); network.redraw(); });
  network.on("hoverEdge", () => container.classList.add("hit"));
  network.on("blurEdge", () => container.classList.remove("hit"));
})();
