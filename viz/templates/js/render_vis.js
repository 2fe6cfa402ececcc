/* Drawn by vis-network on a canvas: pages of up to a thousand nodes. */
(() => {
  const make = (scene) => {
    const nodes = new vis.DataSet();
    const edges = new vis.DataSet();
    const { container } = scene;
    const network = new vis.Network(container, { nodes, edges }, {
      ...KG.options,
      nodes: {
        ...KG.options.nodes,
        ctxRenderer: ({ ctx, id, x, y }) => {
          const { kind } = KG.nodes[id];
          const size = scene.radius(id);
          return { drawNode: () => KG.paintSymbol(ctx, kind, x, y, size), nodeDimensions: { width: size * 2, height: size * 2 } };
        },
      },
    });
    const coloured = (lines) => lines.map((pair) => ({ id: pair.id, from: pair.a, to: pair.b, color: scene.lineColour(pair) }));

    network.on("click", ({ pointer }) => { network.unselectAll(); scene.tell("click", pointer.DOM); });
    network.on("doubleClick", ({ pointer }) => scene.tell("dblclick", pointer.DOM));
    network.on("hoverNode", ({ node }) => scene.tell("hover", node));
    network.on("blurNode", () => scene.tell("hover", null));
    network.on("hoverEdge", () => container.classList.add("hit"));
    network.on("blurEdge", () => container.classList.toggle("hit", scene.hover !== null));
    network.on("dragStart", () => scene.tell("moved"));
    network.on("zoom", () => scene.tell("moved"));
    network.on("dragEnd", ({ nodes: moved }) => {
      const places = network.getPositions(moved);
      for (const node of moved) scene.tell("drag", { node, place: places[node] });
      scene.tell("settled");
    });
    network.on("resize", () => queueMicrotask(() => scene.tell("resize"))); // vis-network scales the drawing right after it says so
    network.on("beforeDrawing", (ctx) => {
      const { scale, dx, dy } = renderer.camera();
      ctx.save();
      const ratio = ctx.canvas.width / container.clientWidth;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      KG.paintGround(ctx, { scale, dx, dy });
      ctx.restore();
    });
    network.on("afterDrawing", (ctx) => {
      const ratio = ctx.canvas.width / container.clientWidth;
      ctx.save();
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      KG.paintOverlay(ctx, scene.camera());
      ctx.restore();
    });

    const renderer = {
      name: "vis",
      set(places, lines) {
        const wanted = new Set(lines.map((pair) => pair.id));
        edges.remove(edges.getIds().filter((id) => !wanted.has(id)));
        nodes.remove(nodes.getIds().filter((i) => !places.has(i)));
        nodes.update([...places].map(([i, { x, y }]) => ({ id: i, x, y, size: scene.radius(i) })));
        edges.update(coloured(lines));
        network.setOptions({ interaction: { hideEdgesOnDrag: lines.length > 900, hideEdgesOnZoom: lines.length > 900 } });
      },
      camera() {
        const origin = network.canvasToDOM({ x: 0, y: 0 });
        return { scale: network.getScale(), dx: origin.x, dy: origin.y };
      },
      move({ x, y, scale }, ms) {
        network.moveTo({ position: { x, y }, scale, animation: ms ? { duration: ms, easingFunction: "easeInOutQuad" } : false });
      },
      redraw: () => network.redraw(),
      recolour: () => edges.update(coloured(scene.lines)),
      nodeAt: (point) => network.getNodeAt(point) ?? null,
      pairAt: (point) => network.getEdgeAt(point) ?? null,
      put: (i, { x, y }) => nodes.update({ id: i, x, y }),
    };
    return renderer;
  };
  KG.renderers.vis = { make };
})();
