/* The drawing as a PNG: what the window shows, twice as fine, with the title and the legend of what is in it. */
(() => {
  const FINE = 2;
  const FOOT = 34;
  const HEAD = 52;

  KG.picture = () => {
    const camera = KG.scene.camera();
    const canvas = document.createElement("canvas");
    const colour = KG.look.page;
    const ctx = canvas.getContext("2d");
    const kinds = KG.kinds.filter((kind) => [...KG.scene.places().keys()].some((i) => KG.nodes[i].kind === kind));
    /* The legend, broken into rows. */
    const rows = [[]];
    let x = 16;
    for (const kind of kinds) {
      const w = 26 + KG.labels.width(ctx, KG.kindName(kind), KG.labels.font(12)) + 16;
      if (x + w > camera.w && rows.at(-1).length) { rows.push([]); x = 16; }
      rows.at(-1).push({ kind, x });
      x += w;
    }
    const foot = rows.length * 22 + FOOT - 22;
    canvas.width = camera.w * FINE;
    canvas.height = (camera.h + HEAD + foot) * FINE;
    ctx.scale(FINE, FINE);
    ctx.fillStyle = colour.paper;
    ctx.fillRect(0, 0, camera.w, camera.h + HEAD + foot);
    ctx.save();
    ctx.translate(0, HEAD);
    ctx.beginPath();
    ctx.rect(0, 0, camera.w, camera.h);
    ctx.clip();
    const places = KG.scene.places();
    const at = (i) => ({ x: camera.dx + places.get(i).x * camera.scale, y: camera.dy + places.get(i).y * camera.scale });
    for (const pair of KG.scene.lines) {
      const [a, b] = [at(pair.a), at(pair.b)];
      ctx.strokeStyle = KG.scene.lineColour(pair);
      ctx.lineWidth = 1.4 * camera.scale;
      ctx.beginPath();
      ctx.moveTo(a.x, a.y);
      ctx.lineTo(b.x, b.y);
      ctx.stroke();
    }
    for (const i of places.keys()) KG.paintSymbol(ctx, KG.nodes[i].kind, at(i).x, at(i).y, KG.nodes[i].size * camera.scale);
    KG.paintOverlay(ctx, camera);
    ctx.restore();
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillStyle = colour.ink;
    ctx.font = KG.labels.font(16, 600);
    ctx.fillText(KG.title, 16, 22);
    ctx.font = KG.labels.font(12);
    ctx.fillStyle = "#5b6472";
    ctx.fillText(KG.subtitle, 16, 42);
    rows.forEach((row, n) => row.forEach(({ kind, x: left }) => {
      const y = camera.h + HEAD + 16 + n * 22;
      KG.paintSymbol(ctx, kind, left + 8, y, 6.5);
      ctx.fillStyle = colour.ink;
      ctx.font = KG.labels.font(12);
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.fillText(KG.kindName(kind), left + 22, y);
    }));
    return canvas;
  };

  KG.download = () => KG.picture().toBlob((blob) => {
    const address = URL.createObjectURL(blob);
    const name = (KG.title.replace(/[\\/:*?"<>|\s]+/g, " ").trim() || "graph").slice(0, 80);
    const link = KG.h("a", { href: address, download: `${name}.png` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }, "image/png");
})();
