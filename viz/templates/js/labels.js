/* Labels, as on a map: always of one size on the screen, the important ones first, none over another. */
(() => {
  const FAMILY = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Hiragino Sans GB","Microsoft YaHei",system-ui,sans-serif';
  const labels = { family: FAMILY, ctx: document.createElement("canvas").getContext("2d") };
  KG.labels = labels;
  labels.font = (size, weight = 400) => `${weight} ${size}px ${FAMILY}`;

  const width = (ctx, text, font) => {
    ctx.font = font;
    return ctx.measureText(text).width;
  };

  /* Break a name into lines no wider than *limit*, Latin words whole, no closing mark at a line's head, no opening one at its end;
     nothing is left out. */
  labels.wrap = (ctx, text, font, limit) => {
    const words = text.match(/\s+|[（《“‘〈「『〔【([]*(?:(?:[A-Za-z0-9.%+\-]|,(?=\d))+|[^])[）》”’〉」』〕】，。、；：！？…,;:!?)\]]*/gu) || [];
    const pieces = words.flatMap((word) => (word.length > 8 && width(ctx, word, font) > limit ? [...word] : [word]));
    const lines = [];
    let line = "";
    for (const piece of pieces) {
      if (line && width(ctx, line + piece, font) > limit) {
        lines.push(line.trim());
        line = piece.trim() ? piece : "";
      } else line += piece;
    }
    if (line.trim()) lines.push(line.trim());
    return lines;
  };

  const boxes = new Map();
  const box = (ctx, node, style) => {
    const key = `${node.id}/${style.size}/${style.limit}/${style.rows}/${style.weight}`;
    if (!boxes.has(key)) {
      const font = labels.font(style.size, style.weight);
      const name = node.short;
      /* A name of many lines gets wider ones. */
      const whole = width(ctx, name, font);
      const limit = style.rows ? Math.max(style.limit, Math.min(style.limit * 1.8, whole / style.rows)) : style.limit;
      let lines = labels.wrap(ctx, name, font, limit);
      /* Lines of much the same length, rather than one character alone in the last. */
      if (lines.length > 1) {
        const even = labels.wrap(ctx, name, font, Math.min(limit, (whole / lines.length) * 1.12 + style.size / 2));
        if (even.length === lines.length) lines = even;
      }
      boxes.set(key, { lines, font, w: Math.max(...lines.map((line) => width(ctx, line, font)), 1), h: lines.length * style.size * 1.22 });
    }
    return boxes.get(key);
  };

  const HUBS = 14; // so many are named before all others, over the symbols of others if need be
  /* size in pixels; a line's width; how many lines there are before lines get wider, if they may. */
  const PLAIN = { size: 11.5, weight: 400, limit: 88, rows: 2 };
  const STRONG = { size: 12.5, weight: 500, limit: 108, rows: 3 };
  const NEAR = { size: 11.5, weight: 400, limit: 92, rows: 3 };
  const CHOSEN = { size: 13, weight: 600, limit: 124, rows: 3 };
  /* In a list (places.js) names stand to the right of their symbols, and that of the centre has the room at the left. */
  const LISTED = { size: 12, weight: 400, limit: 172 };
  const HEAD = { size: 12.5, weight: 600, limit: 112 };
  labels.listedHeight = (i) => box(labels.ctx, KG.nodes[i], LISTED).h;

  /* A grid that tells which rectangles one meets. */
  const grid = () => {
    const cells = new Map();
    const SIDE = 64;
    const keys = (r) => {
      const found = [];
      for (let x = Math.floor(r.x / SIDE); x <= Math.floor((r.x + r.w) / SIDE); x += 1) {
        for (let y = Math.floor(r.y / SIDE); y <= Math.floor((r.y + r.h) / SIDE); y += 1) found.push(`${x},${y}`);
      }
      return found;
    };
    const meets = (r, o) => o.owner !== r.owner && r.x < o.x + o.w && o.x < r.x + r.w && r.y < o.y + o.h && o.y < r.y + r.h;
    return {
      add: (r) => { for (const key of keys(r)) { if (!cells.has(key)) cells.set(key, []); cells.get(key).push(r); } },
      hits: (r) => [...new Set(keys(r).flatMap((key) => (cells.get(key) || []).filter((o) => meets(r, o))))],
    };
  };

  /* Choose labels at a scale. Coordinates are those of the drawing times the scale, so that moving the camera changes nothing.
     A strong label may lie over the symbols of weaker nodes if it must; *must* holds those that are never left out;
     *from* is a node that labels turn away from; *frame* is the window, whose edge cuts no label. */
  const place = (ctx, numbers, scale, { strong, bold = STRONG, must = new Set(), from = null, taken = grid(), frame = null }) => {
    const places = KG.scene.places();
    const symbols = numbers.map((i) => {
      const { x, y } = places.get(i);
      const r = Math.max(KG.scene.radius(i) * scale, 2);
      return { owner: i, x: x * scale, y: y * scale, r };
    });
    const hubs = new Set(from === null ? numbers.slice(0, HUBS) : []);
    const level = (i) => (hubs.has(i) ? 2 : strong(i) ? 1 : 0);
    for (const s of symbols) {
      taken.add({ owner: s.owner, level: level(s.owner), x: s.x - s.r * 0.8, y: s.y - s.r * 0.8, w: s.r * 1.6, h: s.r * 1.6 });
    }
    const centre = from === null ? null : places.get(from);
    /* Labels may stick out of the drawing only a little: there the window ends. */
    const rim = { left: Math.min(...symbols.map((s) => s.x)) - 46, right: Math.max(...symbols.map((s) => s.x)) + 46 };
    const result = [];
    for (const s of symbols) {
      const node = KG.nodes[s.owner];
      const list = KG.view.list && from !== null;
      const measure = box(ctx, node, list ? (s.owner === KG.view.centre ? HEAD : LISTED) : must.has(s.owner) ? CHOSEN : strong(s.owner) ? bold : PLAIN);
      const { w, h } = measure;
      const gap = s.r * 1.15 + 3;
      let tries = [
        { u: 0, v: 1, x: s.x - w / 2, y: s.y + gap, align: "center" },
        { u: 1, v: 0, x: s.x + gap + 2, y: s.y - h / 2, align: "left" },
        { u: 0, v: -1, x: s.x - w / 2, y: s.y - gap - h, align: "center" },
        { u: -1, v: 0, x: s.x - gap - 2 - w, y: s.y - h / 2, align: "right" },
      ];
      if (list && s.owner !== KG.view.centre) tries = [tries[s.x < places.get(KG.view.centre)?.x * scale ? 3 : 1]];
      else if (centre && s.owner !== from) {
        const dx = s.x - centre.x * scale;
        const dy = s.y - centre.y * scale;
        tries = tries.sort((a, b) => (b.u * dx + b.v * dy * 1.6) - (a.u * dx + a.v * dy * 1.6));
        const inward = tries.pop();
        tries.push(...tries.map((t) => ({ ...t, x: t.x + t.u * 18, y: t.y + t.v * 14, far: 1 })), { ...inward, far: 2 });
      }
      let best = null;
      for (const t of tries) {
        const r = { owner: s.owner, x: t.x - 3, y: t.y - 1, w: w + 6, h: h + 2 };
        const hits = taken.hits(r);
        const hard = hits.filter((o) => o.level === undefined || (o.level > 0 && o.level >= level(s.owner))).length;
        if (!must.has(s.owner) && (hard || (hits.length && !strong(s.owner)))) continue;
        const out = frame ? r.x < frame.left || r.y < frame.top || r.x + r.w > frame.right || r.y + r.h > frame.bottom
          : r.x < rim.left || r.x + r.w > rim.right;
        if (out && !must.has(s.owner)) continue;
        const cost = hard * 100 + hits.length + (t.far || 0) * 0.5 + (out ? 20 : 0);
        if (!best || cost < best.cost) best = { t, r, cost };
        if (!cost) break;
      }
      if (!best || (best.cost > 4 && !must.has(s.owner))) continue;
      taken.add(best.r);
      result.push({ ...measure, x: best.t.x, y: best.t.y, align: best.t.align, strong: strong(s.owner), plate: best.cost >= 1, node });
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
    ctx.strokeStyle = KG.colour.halo;
    if (label.plate) {
      ctx.fillStyle = `${KG.colour.halo}c8`;
      ctx.beginPath();
      ctx.roundRect(dx + label.x - 3, dy + label.y, label.w + 6, label.h, 4);
      ctx.fill();
    }
    ctx.fillStyle = label.strong ? KG.colour.ink : `${KG.colour.ink}c8`;
    const x = dx + label.x + (label.align === "center" ? label.w / 2 : label.align === "right" ? label.w : 0);
    label.lines.forEach((line, n) => {
      const y = dy + label.y + size * (n + 0.5);
      ctx.strokeText(line, x, y);
      ctx.fillText(line, x, y);
    });
  };

  /* Chosen once for a scale and a piece of the drawing that is larger than the window: moving the camera a little changes
     nothing. Of very many nodes only the most important in that piece are looked at. */
  const MOST = 700;
  const WIDE = 1500;
  let cached = { key: "" };
  const overview = (ctx, scale, dx, dy, w, h) => {
    const places = KG.scene.places();
    const large = places.size > WIDE;
    const key = `${KG.scene.version()}@${scale.toFixed(4)}@${KG.scheme}`;
    const [left, top] = [-dx, -dy];
    const inside = !large || (cached.box && left >= cached.box.left && top >= cached.box.top && left + w <= cached.box.right && top + h <= cached.box.bottom);
    if (cached.key === key && inside) return cached.list;
    const box = { left: left - w / 2, top: top - h / 2, right: left + w * 1.5, bottom: top + h * 1.5 };
    let numbers = [...places.keys()];
    if (large) {
      numbers = numbers.filter((i) => {
        const { x, y } = places.get(i);
        return x * scale > box.left && x * scale < box.right && y * scale > box.top && y * scale < box.bottom;
      });
    }
    numbers.sort(KG.byRank);
    numbers = numbers.slice(0, large ? MOST : WIDE);
    const head = new Set(numbers.slice(0, Math.max(12, Math.min(60, Math.round(numbers.length / 9)))));
    cached = { key, box, list: place(ctx, numbers, scale, { strong: (i) => head.has(i) }) };
    return cached.list;
  };

  /* Paint all labels; *dx*, *dy* is where the origin of the drawing stands on the screen;
     *taken* learns where they are. */
  labels.paint = (ctx, scale, dx, dy, w, h, taken) => {
    for (const label of overview(ctx, scale, dx, dy, w, h)) {
      const x = dx + label.x;
      const y = dy + label.y;
      if (x < 0 || y < 0 || x + label.w > w || y + label.h > h) continue; // whole or not at all
      write(ctx, label, dx, dy);
      taken.add({ owner: label.node.id, x, y, w: label.w, h: label.h });
    }
  };

  /* Paint the labels of a selection: its centres always, the others where there is room, turned away from *from*. */
  labels.paintChosen = (ctx, { numbers, centres, from }, { scale, dx, dy, w, h }, taken) => {
    const ordered = numbers.slice().sort((a, b) => centres.has(b) - centres.has(a) || KG.nodes[a].rank - KG.nodes[b].rank);
    const few = numbers.length <= 60;
    const list = place(ctx, ordered, scale, { strong: (i) => few || centres.has(i), bold: NEAR, must: centres, from, taken, frame: { left: -dx, top: -dy, right: w - dx, bottom: h - dy } });
    for (const label of list) write(ctx, label, dx, dy);
  };

  /* What a line says, at (x, y), unless the window ends there or *taken* says that something is there already. */
  labels.paintLine = (ctx, text, x, y, { w: right, h: bottom }, taken) => {
    const font = labels.font(11, 400);
    const w = width(ctx, text, font);
    const r = { owner: text + x, x: x - w / 2 - 4, y: y - 8, w: w + 8, h: 16 };
    if (r.x < 0 || r.y < 0 || r.x + r.w > right || r.y + r.h > bottom || taken.hits(r).length) return;
    taken.add(r);
    ctx.fillStyle = KG.colour.paper;
    ctx.beginPath();
    ctx.roundRect(x - w / 2 - 4, y - 8, w + 8, 16, 4);
    ctx.fill();
    ctx.font = font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = KG.colour.accent;
    ctx.fillText(text, x, y + 0.5);
  };
  labels.width = width;
  labels.grid = grid;
})();
