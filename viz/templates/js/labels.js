/* Labels, as on a map: always of one size on the screen, the important ones first, none over another. */
(() => {
  const FAMILY = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Hiragino Sans GB","Microsoft YaHei",system-ui,sans-serif';
  const colour = KG.look.page;
  const labels = {};
  KG.labels = labels;
  labels.font = (size, weight = 400) => `${weight} ${size}px ${FAMILY}`;

  const width = (ctx, text, font) => {
    ctx.font = font;
    return ctx.measureText(text).width;
  };

  /* Break a name into lines no wider than *limit*, Latin words whole; what is too long ends in an ellipsis. */
  labels.wrap = (ctx, text, font, limit, most) => {
    const pieces = text.match(/[A-Za-z0-9.,%+\-]+|\s+|[^]/gu) || [];
    const lines = [];
    let line = "";
    for (const [n, piece] of pieces.entries()) {
      if (line && width(ctx, line + piece, font) > limit) {
        if (lines.length === most - 1 && n < pieces.length) {
          while (line && width(ctx, `${line}…`, font) > limit) line = [...line].slice(0, -1).join("");
          lines.push(`${line}…`);
          return lines;
        }
        lines.push(line.trim());
        line = piece.trim() ? piece : "";
      } else line += piece;
    }
    if (line.trim()) lines.push(line.trim());
    return lines;
  };

  const boxes = new Map();
  const box = (ctx, node, style) => {
    const key = `${node.id}/${style.size}/${style.limit}`;
    if (!boxes.has(key)) {
      const font = labels.font(style.size, style.weight);
      const lines = labels.wrap(ctx, node.label, font, style.limit, style.most);
      boxes.set(key, { lines, font, w: Math.max(...lines.map((line) => width(ctx, line, font)), 1), h: lines.length * style.size * 1.22 });
    }
    return boxes.get(key);
  };

  const PLAIN = { size: 11.5, weight: 400, limit: 88, most: 2 };
  const STRONG = { size: 13, weight: 600, limit: 108, most: 2 };
  const FULL = { size: 13, weight: 600, limit: 240, most: 4 };

  /* A grid that answers whether a rectangle is free. */
  const grid = () => {
    const cells = new Map();
    const SIDE = 64;
    const each = (r, visit) => {
      for (let x = Math.floor(r.x / SIDE); x <= Math.floor((r.x + r.w) / SIDE); x += 1) {
        for (let y = Math.floor(r.y / SIDE); y <= Math.floor((r.y + r.h) / SIDE); y += 1) {
          if (visit(`${x},${y}`)) return true;
        }
      }
      return false;
    };
    return {
      add: (r) => each(r, (key) => { if (!cells.has(key)) cells.set(key, []); cells.get(key).push(r); return false; }),
      taken: (r) => each(r, (key) => (cells.get(key) || []).some((o) =>
        o.owner !== r.owner && r.x < o.x + o.w && o.x < r.x + r.w && r.y < o.y + o.h && o.y < r.y + r.h)),
    };
  };

  /* Choose labels at a scale. Coordinates are those of the drawing times the scale, so that moving the camera changes nothing. */
  const place = (ctx, numbers, scale, strong, taken = grid()) => {
    const places = KG.scene.places();
    const symbols = numbers.map((i) => {
      const { x, y } = places.get(i);
      const r = Math.max(KG.nodes[i].size * scale, 2);
      return { owner: i, x: x * scale, y: y * scale, r };
    });
    for (const s of symbols) taken.add({ owner: s.owner, x: s.x - s.r * 0.8, y: s.y - s.r * 0.8, w: s.r * 1.6, h: s.r * 1.6 });
    const result = [];
    for (const s of symbols) {
      const node = KG.nodes[s.owner];
      const measure = box(ctx, node, strong(node) ? STRONG : PLAIN);
      const { w, h } = measure;
      const gap = s.r * 1.15 + 3;
      const tries = [
        { x: s.x - w / 2, y: s.y + gap, align: "center" },
        { x: s.x + gap + 2, y: s.y - h / 2, align: "left" },
        { x: s.x - w / 2, y: s.y - gap - h, align: "center" },
        { x: s.x - gap - 2 - w, y: s.y - h / 2, align: "right" },
      ];
      for (const t of tries) {
        const r = { owner: s.owner, x: t.x - 3, y: t.y - 1, w: w + 6, h: h + 2 };
        if (taken.taken(r)) continue;
        taken.add(r);
        result.push({ ...measure, x: t.x, y: t.y, align: t.align, strong: strong(node), node });
        break;
      }
    }
    return result;
  };

  const write = (ctx, label, dx, dy) => {
    const size = label.h / label.lines.length;
    ctx.font = label.font;
    ctx.textBaseline = "middle";
    ctx.textAlign = label.align;
    ctx.lineJoin = "round";
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = colour.halo;
    ctx.fillStyle = label.strong ? colour.ink : `${colour.ink}d0`;
    const x = dx + label.x + (label.align === "center" ? label.w / 2 : label.align === "right" ? label.w : 0);
    label.lines.forEach((line, n) => {
      const y = dy + label.y + size * (n + 0.5);
      ctx.strokeText(line, x, y);
      ctx.fillText(line, x, y);
    });
  };

  let cached = { key: "" };
  const overview = (ctx, scale) => {
    const key = `${KG.scene.version()}@${scale.toFixed(4)}`;
    if (cached.key !== key) {
      const numbers = [...KG.scene.places().keys()].sort((a, b) => KG.nodes[a].rank - KG.nodes[b].rank);
      const head = new Set(numbers.slice(0, Math.max(12, Math.round(numbers.length / 14))));
      cached = { key, list: place(ctx, numbers, scale, (node) => head.has(node.id)) };
    }
    return cached.list;
  };

  /* Paint all labels; *dx*, *dy* is where the origin of the drawing stands on the screen. */
  labels.paint = (ctx, scale, dx, dy, w, h) => {
    for (const label of overview(ctx, scale)) {
      const x = dx + label.x;
      const y = dy + label.y;
      if (x > w || y > h || x + label.w < 0 || y + label.h < 0) continue;
      write(ctx, label, dx, dy);
    }
  };

  /* Paint the labels of a selection: first its centre, in full. */
  labels.paintChosen = (ctx, numbers, centres, scale, dx, dy, taken) => {
    const ordered = numbers.slice().sort((a, b) => centres.has(b) - centres.has(a) || KG.nodes[a].rank - KG.nodes[b].rank);
    for (const label of place(ctx, ordered, scale, (node) => centres.has(node.id), taken)) write(ctx, label, dx, dy);
  };

  /* The whole name of one node on a plate, over everything. */
  labels.paintPlate = (ctx, i, scale, dx, dy) => {
    const spot = KG.scene.places().get(i);
    if (!spot) return;
    const node = KG.nodes[i];
    const measure = box(ctx, node, FULL);
    const x = dx + spot.x * scale - measure.w / 2;
    const y = dy + spot.y * scale + Math.max(node.size * scale, 2) * 1.15 + 8;
    ctx.fillStyle = "#ffffff";
    ctx.strokeStyle = "#cfd4dc";
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(x - 9, y - 5, measure.w + 18, measure.h + 10, 6);
    ctx.fill();
    ctx.stroke();
    write(ctx, { ...measure, x: x - dx, y: y - dy, align: "center", strong: true }, dx, dy);
  };

  /* What a line says, at (x, y), unless *taken* says that something is there already. */
  labels.paintLine = (ctx, text, x, y, taken) => {
    const font = labels.font(11, 400);
    const w = width(ctx, text, font);
    const r = { owner: text + x, x: x - w / 2 - 4, y: y - 8, w: w + 8, h: 16 };
    if (taken.taken(r)) return;
    taken.add(r);
    ctx.fillStyle = colour.paper;
    ctx.beginPath();
    ctx.roundRect(x - w / 2 - 4, y - 8, w + 8, 16, 4);
    ctx.fill();
    ctx.font = font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = colour.accent;
    ctx.fillText(text, x, y + 0.5);
  };
  labels.width = width;
  labels.grid = grid;
})();
