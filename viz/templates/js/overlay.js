/* What is painted over the drawing: labels; and when something is chosen, a veil, and what is chosen again above it. */
(() => {
  const scene = KG.scene;
  const FEW = 70; // so many lines can all be labelled

  /* Below everything: a ground for each community of some size, so that they are seen as such. */
  KG.paintGround = (ctx, { scale, dx, dy }, colour = KG.colour.group) => {
    if (!KG.view || !["first", "all"].includes(KG.view.mode)) return;
    const groups = new Map();
    for (const place of scene.places().values()) {
      if (place.group === undefined) continue;
      if (!groups.has(place.group)) groups.set(place.group, []);
      groups.get(place.group).push(place);
    }
    ctx.fillStyle = colour;
    for (const members of groups.values()) {
      if (members.length < 7) continue;
      let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
      for (const { x, y } of members) {
        left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
      }
      ctx.beginPath();
      ctx.ellipse(dx + ((left + right) / 2) * scale, dy + ((top + bottom) / 2) * scale, ((right - left) / 2 + 34) * scale, ((bottom - top) / 2 + 34) * scale, 0, 0, Math.PI * 2);
      ctx.fill();
    }
  };

  const arrow = (ctx, from, to, r, size) => {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const ux = (to.x - from.x) / length;
    const uy = (to.y - from.y) / length;
    const x = to.x - ux * (r * 1.15 + 2);
    const y = to.y - uy * (r * 1.15 + 2);
    const [long, wide] = [size, size * 0.42];
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x - ux * long - uy * wide, y - uy * long + ux * wide);
    ctx.lineTo(x - ux * long + uy * wide, y - uy * long - ux * wide);
    ctx.closePath();
    ctx.fill();
  };

  const paintPair = (ctx, pair, at, scale, style) => {
    const a = at(pair.a);
    const b = at(pair.b);
    ctx.strokeStyle = style.colour;
    ctx.fillStyle = style.colour;
    ctx.lineWidth = style.width;
    ctx.beginPath();
    ctx.moveTo(a.x, a.y);
    ctx.lineTo(b.x, b.y);
    ctx.stroke();
    const size = Math.max(4, Math.min(9, 9 * scale));
    if (pair.edges.some((edge) => edge.to === pair.b)) arrow(ctx, a, b, scene.radius(pair.b) * scale, size);
    if (pair.edges.some((edge) => edge.to === pair.a)) arrow(ctx, b, a, scene.radius(pair.a) * scale, size);
  };

  const pairText = (pair) => {
    const names = [...new Set(pair.edges.map((edge) => KG.predicateName(edge)))];
    return names.length > 2 ? `${names.slice(0, 2).join("、")} +${names.length - 2}` : names.join(KG.lang === "zh" ? "、" : ", ");
  };
  /* Nearer to the far end, where lines of a hub have parted. */
  const spot = (pair, at, centre) => {
    const [near, far] = pair.b === centre ? [pair.b, pair.a] : [pair.a, pair.b];
    const share = centre === null ? 0.5 : 0.58;
    return { x: at(near).x + (at(far).x - at(near).x) * share, y: at(near).y + (at(far).y - at(near).y) * share };
  };

  /* Lines whose middle is in the window. */
  const inside = (pairs, at, w, h) => pairs.filter((pair) => {
    const { x, y } = spot(pair, at, null);
    return x > 0 && y > 0 && x < w && y < h;
  });
  const paintPairTexts = (ctx, pairs, at, centre, camera, taken) => {
    for (const pair of pairs) {
      const length = Math.hypot(at(pair.a).x - at(pair.b).x, at(pair.a).y - at(pair.b).y);
      const text = pairText(pair);
      if (length < KG.labels.width(ctx, text, KG.labels.font(11)) + 24) continue;
      const { x, y } = spot(pair, at, centre);
      KG.labels.paintLine(ctx, text, x, y, camera, taken);
    }
  };

  const chosen = () => {
    const selection = KG.selection;
    if (!selection) return null;
    if (selection.path) {
      const { nodes, pairs } = selection.path;
      return nodes.every(scene.shown) ? { centres: new Set(nodes), pairs, nodes } : null;
    }
    if (selection.pair) {
      const { a, b } = selection.pair;
      return scene.shown(a) && scene.shown(b) ? { centres: new Set([a, b]), pairs: [selection.pair], nodes: [a, b] } : null;
    }
    if (!scene.shown(selection.node)) return null;
    const pairs = scene.pairsOf(selection.node);
    const nodes = [...new Set([selection.node, ...pairs.flatMap((pair) => [pair.a, pair.b])])];
    return { centres: new Set([selection.node]), pairs, nodes };
  };

  /* Paint on *ctx*, whose unit is a pixel of the screen, a drawing of *scale* whose origin is at (dx, dy). */
  KG.paintOverlay = (ctx, camera) => {
    const { scale, dx, dy, w, h } = camera;
    const at = (i) => {
      const place = scene.places().get(i);
      return { x: dx + place.x * scale, y: dy + place.y * scale };
    };
    const selected = chosen();
    const taken = KG.labels.grid();
    const grows = KG.growSpot();
    if (grows) taken.add({ owner: "+", x: grows.x - grows.r, y: grows.y - grows.r, w: 2 * grows.r, h: 2 * grows.r });
    if (!selected) {
      if (scene.lines.length <= FEW) {
        for (const pair of scene.lines) paintPair(ctx, pair, at, scale, { colour: KG.colour.edge, width: 1 });
        for (const i of scene.places().keys()) {
          const r = scene.radius(i) * scale;
          KG.paintSymbol(ctx, KG.nodes[i].kind, at(i).x, at(i).y, r);
          taken.add({ owner: i, x: at(i).x - r, y: at(i).y - r, w: 2 * r, h: 2 * r });
        }
      }
      KG.labels.paint(ctx, scale, dx, dy, w, h, taken);
      if (scene.lines.length <= FEW || scene.texts) paintPairTexts(ctx, inside(scene.lines, at, w, h), at, null, camera, taken);
    } else {
      const near = KG.view && ["near", "path"].includes(KG.view.mode);
      ctx.fillStyle = KG.colour.paper + (near ? "a0" : "d8");
      ctx.fillRect(0, 0, w, h);
      const many = selected.pairs.length > 40;
      const style = { colour: KG.colour.accent + (many ? "90" : ""), width: selected.centres.size > 1 ? 2.5 : many ? 1 : 1.4 };
      for (const pair of selected.pairs) paintPair(ctx, pair, at, scale, style);
      if (near) {
        for (const i of scene.places().keys()) {
          if (!selected.nodes.includes(i)) KG.paintSymbol(ctx, KG.nodes[i].kind, at(i).x, at(i).y, scene.radius(i) * scale);
        }
      }
      for (const i of selected.nodes) {
        const r = Math.max(scene.radius(i) * scale, 3);
        KG.paintSymbol(ctx, KG.nodes[i].kind, at(i).x, at(i).y, r);
        if (selected.centres.has(i)) KG.paintRing(ctx, at(i).x, at(i).y, r, 2);
      }
      const numbers = near ? [...scene.places().keys()] : selected.nodes;
      const moved = (r) => ({ ...r, x: r.x + dx, y: r.y + dy });
      const shift = { add: (r) => taken.add(moved(r)), hits: (r) => taken.hits(moved(r)) };
      const from = selected.centres.size === 1 ? [...selected.centres][0] : null;
      KG.labels.paintChosen(ctx, { numbers, centres: selected.centres, from }, camera, shift);
      if (selected.pairs.length <= FEW) {
        paintPairTexts(ctx, selected.pairs, at, from, camera, taken);
      }
    }
    for (const [i, place] of scene.places()) {
      if (!place.pinned) continue;
      const { x, y } = at(i);
      const r = scene.radius(i) * scale;
      ctx.beginPath();
      ctx.arc(x + r * 0.9 + 3, y - r * 0.9 - 3, 3.2, 0, Math.PI * 2);
      ctx.fillStyle = KG.colour.accent;
      ctx.fill();
    }
    if (grows) {
      ctx.beginPath();
      ctx.arc(grows.x, grows.y, grows.r, 0, Math.PI * 2);
      ctx.fillStyle = KG.colour.accent;
      ctx.fill();
      ctx.font = KG.labels.font(11, 600);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = KG.colour.accent_ink;
      ctx.fillText(`+${grows.n}`, grows.x, grows.y + 0.5);
    }
    if (scene.hover !== null && scene.shown(scene.hover)) {
      const r = Math.max(scene.radius(scene.hover) * scale, 3);
      KG.paintSymbol(ctx, KG.nodes[scene.hover].kind, at(scene.hover).x, at(scene.hover).y, r);
      KG.paintRing(ctx, at(scene.hover).x, at(scene.hover).y, r, 1.5);
    }
  };

  /* Where the chosen node shows how many neighbours it can still grow by. */
  KG.growSpot = () => {
    const { selection } = KG;
    if (!selection || selection.node === undefined || !scene.shown(selection.node)) return null;
    const n = KG.missing(selection.node).length;
    if (!n) return null;
    const { scale, dx, dy } = scene.camera();
    const place = scene.places().get(selection.node);
    const r = Math.max(scene.radius(selection.node) * scale, 3);
    /* In a list the names stand at the right: there it is at the left. */
    const side = KG.view.list && place.x > scene.places().get(KG.view.centre)?.x ? -1 : 1;
    return { x: dx + place.x * scale + side * (r + 12), y: dy + place.y * scale - r - 8, r: n > 99 ? 15 : 12, n };
  };
})();
