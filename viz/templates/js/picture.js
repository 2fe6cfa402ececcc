/* The drawing as a picture: what the window shows, with the title and the legend of what is in it; as PNG, twice as fine, or SVG. */
(() => {
  const FINE = 2;
  const FOOT = 34;
  const HEAD = 52;
  const LONGEST = 16000; // pixels that a canvas may be high

  /* The legend, broken into rows; and the size of the whole. */
  const plan = () => {
    const camera = KG.scene.camera();
    const used = new Set([...KG.scene.places().keys()].map((i) => KG.nodes[i].kind));
    const rows = [[]];
    let x = 16;
    for (const kind of KG.kinds.filter((k) => used.has(k))) {
      const w = 26 + KG.labels.width(KG.labels.ctx, KG.kindName(kind), KG.labels.font(12)) + 16;
      if (x + w > camera.w && rows.at(-1).length) { rows.push([]); x = 16; }
      rows.at(-1).push({ kind, x });
      x += w;
    }
    return { camera, rows, height: camera.h + HEAD + rows.length * 22 + FOOT - 22 };
  };

  const paint = (ctx, { camera, rows, height }) => {
    const { colour } = KG;
    ctx.fillStyle = colour.paper;
    ctx.fillRect(0, 0, camera.w, height);
    ctx.save();
    ctx.translate(0, HEAD);
    ctx.beginPath();
    ctx.rect(0, 0, camera.w, camera.h);
    ctx.clip();
    KG.paintGround(ctx, camera);
    const places = KG.scene.places();
    const at = (i) => ({ x: camera.dx + places.get(i).x * camera.scale, y: camera.dy + places.get(i).y * camera.scale });
    const inside = (p, slack) => p.x > -slack && p.y > -slack && p.x < camera.w + slack && p.y < camera.h + slack;
    for (const pair of KG.scene.lines) {
      const [a, b] = [at(pair.a), at(pair.b)];
      if (Math.max(a.x, b.x) < 0 || Math.max(a.y, b.y) < 0 || Math.min(a.x, b.x) > camera.w || Math.min(a.y, b.y) > camera.h) continue;
      ctx.strokeStyle = KG.scene.lineColour(pair);
      ctx.lineWidth = Math.max(0.4, 1.4 * camera.scale);
      ctx.beginPath();
      ctx.moveTo(a.x, a.y);
      ctx.lineTo(b.x, b.y);
      ctx.stroke();
    }
    for (const i of places.keys()) {
      const p = at(i);
      if (inside(p, 60)) KG.paintSymbol(ctx, KG.nodes[i].kind, p.x, p.y, Math.max(1.2, KG.scene.radius(i) * camera.scale));
    }
    KG.paintOverlay(ctx, camera);
    ctx.restore();
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillStyle = colour.ink;
    ctx.font = KG.labels.font(16, 600);
    ctx.fillText(KG.title, 16, 22);
    ctx.font = KG.labels.font(12);
    ctx.fillStyle = colour.soft;
    ctx.fillText(KG.subtitle(), 16, 42);
    rows.forEach((row, n) => row.forEach(({ kind, x: left }) => {
      const y = camera.h + HEAD + 16 + n * 22;
      KG.paintSymbol(ctx, kind, left + 8, y, 6.5);
      ctx.fillStyle = colour.ink;
      ctx.font = KG.labels.font(12);
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.fillText(KG.kindName(kind), left + 22, y);
    }));
  };

  const canvasOf = (width, height) => {
    const fine = Math.min(FINE, LONGEST / height);
    const canvas = document.createElement("canvas");
    canvas.width = width * fine;
    canvas.height = height * fine;
    const ctx = canvas.getContext("2d");
    ctx.scale(fine, fine);
    return [canvas, ctx];
  };
  const graph = () => KG.tab === "graph" || KG.tab === "about";

  /* What the window shows as an SVG document, in text. */
  KG.svg = () => {
    if (!graph()) return KG.svgText(KG.board.file());
    const drawing = plan();
    const ctx = KG.svgContext(drawing.camera.w, drawing.height);
    paint(ctx, drawing);
    return KG.svgText(ctx.element);
  };

  /* What the window shows as a canvas. */
  KG.picture = async () => {
    if (graph()) {
      const drawing = plan();
      const [canvas, ctx] = canvasOf(drawing.camera.w, drawing.height);
      paint(ctx, drawing);
      return canvas;
    }
    const file = KG.board.file();
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(KG.svgText(file))}`;
    await image.decode();
    const [canvas, ctx] = canvasOf(image.width, image.height);
    ctx.drawImage(image, 0, 0);
    return canvas;
  };
})();
