/* How a class looks: path data of theme.toml, on the canvas and as an icon. */
(() => {
  const paths = {};
  const path = (shape) => (paths[shape] ||= new Path2D(KG.look.shapes[shape]));

  /* Paint the symbol of *kind* with radius *r* at (x, y). A context that records (svg.js) takes the path data themselves. */
  KG.paintSymbol = (ctx, kind, x, y, r) => {
    const look = KG.lookOf(kind);
    const outline = ctx.records ? KG.look.shapes[look.shape] : path(look.shape);
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(r, r);
    ctx.lineJoin = "round";
    ctx.fillStyle = look.fill;
    ctx.strokeStyle = look.border;
    ctx.lineWidth = Math.min(1.6 / r, 0.3);
    ctx.fill(outline);
    ctx.stroke(outline);
    ctx.restore();
  };

  KG.paintRing = (ctx, x, y, r, width) => {
    ctx.beginPath();
    ctx.arc(x, y, r * 1.15 + width * 1.8, 0, Math.PI * 2);
    ctx.lineWidth = width;
    ctx.strokeStyle = KG.colour.accent;
    ctx.stroke();
  };

  /* The symbol of *kind* as an SVG element. */
  KG.icon = (kind) => {
    const look = KG.lookOf(kind);
    return KG.s("svg", { viewBox: "-1.5 -1.5 3 3", class: "icon", "aria-hidden": "true" }, KG.s("path", {
      d: KG.look.shapes[look.shape], fill: look.fill, stroke: look.border, "stroke-width": ".2", "stroke-linejoin": "round",
    }));
  };
})();
