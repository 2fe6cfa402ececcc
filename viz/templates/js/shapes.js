/* How a class looks: path data of theme.toml, on the canvas and as an icon. */
(() => {
  const paths = {};
  const path = (shape) => (paths[shape] ||= new Path2D(KG.look.shapes[shape]));

  /* Paint the symbol of *kind* with radius *r* at (x, y). */
  KG.paintSymbol = (ctx, kind, x, y, r) => {
    const look = KG.lookOf(kind);
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(r, r);
    ctx.lineJoin = "round";
    ctx.fillStyle = look.fill;
    ctx.strokeStyle = look.border;
    ctx.lineWidth = Math.min(1.6 / r, 0.3);
    ctx.fill(path(look.shape));
    ctx.stroke(path(look.shape));
    ctx.restore();
  };

  KG.paintRing = (ctx, x, y, r, width) => {
    ctx.beginPath();
    ctx.arc(x, y, r * 1.15 + width * 1.8, 0, Math.PI * 2);
    ctx.lineWidth = width;
    ctx.strokeStyle = KG.look.page.accent;
    ctx.stroke();
  };

  /* The symbol of *kind* as an SVG element. */
  KG.icon = (kind) => {
    const look = KG.lookOf(kind);
    const make = (tag, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      return element;
    };
    const svg = make("svg", { viewBox: "-1.5 -1.5 3 3", class: "icon", "aria-hidden": "true" });
    svg.append(make("path", {
      d: KG.look.shapes[look.shape], fill: look.fill, stroke: look.border, "stroke-width": ".2", "stroke-linejoin": "round",
    }));
    return svg;
  };
})();
