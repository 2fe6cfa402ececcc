/* Places for nodes that no layout was computed for: around a centre, or in free spots beside what is there. */
(() => {
  const places = {};
  KG.places = places;
  const GAP = 58; // between nodes
  const ONE = 26; // so many stand on one ring

  /* How neighbours stand around their centre: alike ones side by side. */
  const sorted = (centre, numbers) => {
    const key = (i) => {
      const edge = KG.nodes[centre].edges.find((e) => e.from === i || e.to === i);
      return [KG.kindOrder(KG.nodes[i].kind), edge ? edge.predicate : "", KG.nodes[i].rank];
    };
    const keys = new Map(numbers.map((i) => [i, key(i)]));
    return numbers.slice().sort((i, j) => {
      const [a, b] = [keys.get(i), keys.get(j)];
      return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2]);
    });
  };

  /* Rings around a centre: {number: {x, y}}. Wider than high, as windows and labels are. */
  places.around = (centre, numbers) => {
    const result = new Map([[centre, { x: 0, y: 0 }]]);
    const rest = sorted(centre, numbers);
    const rings = [];
    if (rest.length <= ONE) rings.push({ radius: Math.max(160, (rest.length * 80) / (2 * Math.PI)), count: rest.length });
    else {
      let radius = 190;
      for (let left = rest.length; left > 0; radius += 100) {
        const room = Math.floor((2 * Math.PI * radius) / 84);
        rings.push({ radius, count: Math.min(room, left) });
        left -= room;
      }
    }
    const total = rings.reduce((sum, ring) => sum + ring.count, 0);
    /* Deal the sorted list over the rings, so that alike ones share a sector and not a ring. */
    const dealt = rings.map(() => []);
    rest.forEach((i, n) => {
      let best = 0;
      let want = -Infinity;
      rings.forEach((ring, r) => {
        const lack = (ring.count * (n + 1)) / total - dealt[r].length;
        if (dealt[r].length < ring.count && lack > want) { want = lack; best = r; }
      });
      dealt[best].push(i);
    });
    rings.forEach((ring, r) => dealt[r].forEach((i, n) => {
      const angle = -Math.PI / 2 + ((n + (r % 2) / 2) / dealt[r].length) * 2 * Math.PI;
      result.set(i, { x: Math.round(Math.cos(angle) * ring.radius * 1.25), y: Math.round(Math.sin(angle) * ring.radius) });
    }));
    return result;
  };

  /* Where a ring has no room for names, the neighbours are a list: one below the other, each with its name beside it, on a wide
     window at both sides of the centre. Of many the first that fit are taken; the rest can be added. */
  const GAPS = { names: 10, least: 28, rim: 22 };
  const narrow = () => window.innerWidth <= 760;
  const aside = () => (narrow() ? 124 : 170);
  const row = (i) => Math.max(GAPS.least, KG.labels.listedHeight(i) + GAPS.names);
  /* The height of a list: on a phone what the open panel leaves of the window (page.css), without the line of tools. */
  const room = () => Math.max(170, (narrow() ? document.querySelector("main").clientHeight * 0.48 - 44 : KG.scene.container.clientHeight) - 2 * GAPS.rim);
  places.LISTED = 11; // radius of the largest symbol in a list
  places.isList = (count) => narrow() || count > ONE;
  places.listed = (numbers) => {
    const most = room() * (narrow() ? 1 : 2) * 0.97; // both sides are never of quite the same height
    let height = 0;
    return numbers.filter((i) => {
      height += row(i);
      return height <= most;
    });
  };
  /* Put *numbers* below each other from *y* on; returns where the next one would begin. */
  const stack = (result, numbers, x, y) => {
    for (const i of numbers) {
      result.set(i, { x, y: Math.round(y + row(i) / 2) });
      y += row(i);
    }
    return y;
  };
  const heightOf = (numbers) => numbers.reduce((sum, i) => sum + row(i), 0);
  places.list = (centre, numbers) => {
    const rest = sorted(centre, numbers);
    const half = narrow() ? 0 : heightOf(rest) / 2;
    let above = 0;
    const right = rest.filter((i) => { above += row(i); return !half || above - row(i) / 2 < half; });
    const left = rest.slice(right.length);
    const result = new Map([[centre, { x: 0, y: 0 }]]);
    for (const [side, x] of [[right, aside()], [left, -aside()]]) stack(result, side, x, -heightOf(side) / 2);
    return result;
  };
  /* Room for names around a neighbourhood: left, right, top, bottom, in pixels. */
  places.margins = () => (narrow() ? [66, 198, GAPS.rim, GAPS.rim] : KG.view.list ? [202, 202, GAPS.rim, GAPS.rim] : [118, 118, 44, 60]);

  /* One after the other; on a narrow window one below the other. */
  places.row = (numbers) => {
    const upright = narrow();
    return new Map(numbers.map((i, n) => {
      const [along, aside] = [n * (upright ? 120 : 190), n % 2 ? 46 : -46];
      return [i, upright ? { x: aside, y: along } : { x: along, y: aside }];
    }));
  };

  /* Add *numbers* to *shown* ({number: {x, y}}) near the node *anchor*, in free spots, on its far side from the crowd. */
  places.beside = (shown, anchor, numbers) => {
    const centre = shown.get(anchor);
    if (KG.view.list && anchor === KG.view.centre) {
      const more = sorted(anchor, numbers);
      const sides = narrow() ? [1] : [1, -1];
      sides.forEach((side, n) => {
        const [from, to] = [0, 1].map((k) => Math.ceil((more.length * (n + k)) / sides.length));
        const end = Math.max(0, ...[...shown.values()].filter((p) => Math.sign(p.x - centre.x) === side).map((p) => p.y)) + GAPS.least / 2;
        stack(shown, more.slice(from, to), centre.x + side * aside(), end);
      });
      return;
    }
    const cells = new Map();
    const cell = (x, y) => `${Math.floor(x / GAP)},${Math.floor(y / GAP)}`;
    const occupy = (p) => { const key = cell(p.x, p.y); if (!cells.has(key)) cells.set(key, []); cells.get(key).push(p); };
    for (const p of shown.values()) occupy(p);
    const free = (x, y) => {
      for (let u = -1; u <= 1; u += 1) {
        for (let v = -1; v <= 1; v += 1) {
          if ((cells.get(cell(x + u * GAP, y + v * GAP)) || []).some((p) => Math.hypot(p.x - x, p.y - y) < GAP)) return false;
        }
      }
      return true;
    };
    let vx = 0;
    let vy = 0;
    for (const p of shown.values()) {
      const d = Math.hypot(p.x - centre.x, p.y - centre.y);
      if (d > 0 && d < 400) { vx += (centre.x - p.x) / (d * d); vy += (centre.y - p.y) / (d * d); }
    }
    const towards = Math.atan2(vy, vx);
    for (const i of sorted(anchor, numbers)) {
      let found = null;
      for (let radius = GAP * 1.3; !found; radius += GAP * 0.5) {
        const steps = Math.ceil((2 * Math.PI * radius) / (GAP * 0.5));
        for (let n = 0; n < steps && !found; n += 1) {
          const angle = towards + (n % 2 ? 1 : -1) * Math.ceil(n / 2) * ((2 * Math.PI) / steps);
          const x = Math.round(centre.x + Math.cos(angle) * radius * 1.2);
          const y = Math.round(centre.y + Math.sin(angle) * radius);
          if (free(x, y)) found = { x, y };
        }
      }
      shown.set(i, found);
      occupy(found);
    }
  };
})();
