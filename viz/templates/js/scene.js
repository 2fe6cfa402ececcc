/* The drawing: which nodes and lines are in it, where, and the camera. What paints it and tells what was hit is one of two
   renderers with one interface (render_vis.js, render_gl.js):

     set(places, lines)    draw these nodes, {number: {x, y}}, and lines, [{id, a, b, edges}]
     camera()              {scale, dx, dy}: the origin of the drawing stands at (dx, dy) on the screen
     move({x, y, scale}, ms)   the point (x, y) of the drawing comes to the middle
     redraw()              paint again, with KG.paintOverlay over it
     recolour()            the colour scheme has changed
     nodeAt(p), pairAt(p)  what is at a point of the screen: a number; the id of a line
     put(i, place)         a node has moved

   and it reports to scene.tell: "click", "dblclick", "hover", "drag", "moved", "resize". */
(() => {
  const scene = { hover: null, lines: [], texts: false };
  KG.scene = scene;
  KG.renderers = {};
  const container = KG.$("graph");
  scene.container = container;
  let version = 0;
  let index = new Map();
  let renderer = null;

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
  scene.pairBetween = (a, b) => pairs.get(`${Math.min(a, b)}-${Math.max(a, b)}`);
  scene.pairsOf = (i) => pairsOf[i].filter((pair) => index.has(pair.a) && index.has(pair.b) && KG.pairOn(pair));

  /* The radius of a symbol in the drawing. */
  scene.radius = (i) => (KG.view.list ? Math.min(KG.nodes[i].size, KG.places.LISTED) : KG.nodes[i].size);

  const listeners = {};
  scene.on = (event, listener) => { (listeners[event] ||= []).push(listener); };
  scene.tell = (event, value) => { for (const listener of listeners[event] || []) listener(value); };

  /* WebGL for large pages, where there is any; the canvas otherwise. */
  scene.start = () => {
    const large = Boolean(KG.$("kg-vis"));
    if (large && KG.renderers.gl.works()) renderer = KG.renderers.gl.make(scene);
    else {
      if (large) {
        const script = document.createElement("script");
        script.textContent = KG.$("kg-vis").textContent; // its hash stands in the policy
        document.body.append(script);
        scene.weak = true;
      }
      renderer = KG.renderers.vis.make(scene);
    }
    scene.renderer = renderer.name;
    KG.on("scheme", () => { renderer.recolour(); scene.redraw(); });
    new ResizeObserver(() => { if (container.clientWidth) scene.redraw(); }).observe(container);
  };

  /* Long lines are many and say little each: the longer, the fainter. 0 to 1. */
  const faintness = (p, q) => Math.max(0.2, Math.min(0.95, 180 / Math.hypot(p.x - q.x, p.y - q.y)));
  scene.lineAlpha = (pair) => faintness(index.get(pair.a), index.get(pair.b));
  scene.lineColour = (pair) => KG.colour.edge + Math.round(scene.lineAlpha(pair) * 255).toString(16).padStart(2, "0");

  /* Draw these nodes, {number: {x, y}}, and all lines among them. */
  scene.show = (places) => {
    const lines = new Map();
    for (const i of places.keys()) {
      for (const pair of pairsOf[i]) if (places.has(pair.a) && places.has(pair.b) && KG.pairOn(pair)) lines.set(pair.id, pair);
    }
    index = new Map(places);
    version += 1;
    scene.lines = [...lines.values()];
    scene.hover = null;
    renderer.set(index, scene.lines);
  };
  scene.shown = (i) => index.has(i);
  scene.places = () => index;
  scene.version = () => version;
  scene.redraw = () => renderer.redraw();
  scene.nodeAt = (point) => renderer.nodeAt(point);
  scene.pairAt = (point) => renderer.pairAt(point);

  /* The camera. */
  scene.camera = () => ({ ...renderer.camera(), w: container.clientWidth, h: container.clientHeight });
  scene.toScreen = ({ x, y }) => {
    const { scale, dx, dy } = renderer.camera();
    return { x: dx + x * scale, y: dy + y * scale };
  };
  scene.position = () => {
    const { scale, dx, dy, w, h } = scene.camera();
    return { x: (w / 2 - dx) / scale, y: (h / 2 - dy) / scale, scale };
  };
  scene.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  scene.moveTo = ({ x, y, scale }, ms = 0) => {
    renderer.move({ x, y, scale: Math.max(0.02, Math.min(5, scale)) }, scene.still ? 0 : ms);
  };

  /* *margin* leaves room for labels at the rim. */
  scene.fit = (numbers = null, animate = true) => {
    const box = scene.bounds(numbers || [...index.keys()]);
    if (!box || !container.clientWidth) return;
    const width = container.clientWidth;
    const height = container.clientHeight;
    const [left, right, top, bottom] = KG.view.mode === "near" ? KG.places.margins() : [52, 52, 30, 44];
    const scale = Math.min((width - left - right) / Math.max(box.width, 1), (height - top - bottom) / Math.max(box.height, 1), 1.15);
    scene.moveTo({ x: box.x + (right - left) / 2 / scale, y: box.y + (bottom - top) / 2 / scale, scale }, animate ? 350 : 0);
  };

  scene.bounds = (numbers) => {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const i of numbers) {
      const p = index.get(i);
      if (!p) continue;
      left = Math.min(left, p.x); right = Math.max(right, p.x);
      top = Math.min(top, p.y); bottom = Math.max(bottom, p.y);
    }
    return left > right ? null : { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
  };

  scene.zoom = (factor) => {
    const now = scene.position();
    scene.moveTo({ ...now, scale: now.scale * factor }, 180);
  };

  /* Bring a node into the window without more movement than that needs. */
  scene.reveal = (i) => {
    const place = index.get(i);
    if (!place) return;
    const { x, y } = scene.toScreen(place);
    const { scale } = renderer.camera();
    const margin = 80;
    const small = scale < 0.55;
    const inside = x > margin && y > margin && x < container.clientWidth - margin && y < container.clientHeight - margin;
    if (inside && !small) return;
    scene.moveTo({ ...place, scale: small ? 0.85 : scale }, 350);
  };

  /* A node has been put elsewhere; *drawn*: the renderer did that. */
  scene.put = (i, place, drawn = false) => {
    Object.assign(index.get(i), place);
    version += 1;
    if (!drawn) renderer.put(i, index.get(i));
    scene.redraw();
  };
  const touch = window.matchMedia("(hover: none)"); // a finger is nowhere once it has tapped
  const hover = (node) => {
    if (node === scene.hover || touch.matches) return;
    scene.hover = node;
    container.classList.toggle("hit", node !== null);
    scene.redraw();
    scene.tell("over", node);
  };
  scene.on("hover", hover);
})();
