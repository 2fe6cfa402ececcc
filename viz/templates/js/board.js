/* Views that are read rather than explored: cards, lines and texts in an SVG, laid out for the width of the window by
   view_*.js, which register themselves as KG.boardViews[name] = { draw(board), table(), chooser() }. */
(() => {
  const { s } = KG;
  const container = KG.$("board");
  const ctx = KG.labels.ctx;
  const PAD = 9;
  KG.boardViews = {};

  class Board {
    constructor(width, alone = false) {
      this.width = width;
      this.alone = alone; // a picture by itself, without what stands above a board on the page
      this.narrow = width < 700;
      this.height = 0;
      this.colour = KG.colour;
      this.layers = { ground: [], lines: [], cards: [] };
      this.cards = new Map(); // node or class → its card, the first one
      this.links = []; // {a, b, element}
      this.reach = Infinity; // how far a choice is followed along lines
      this.topic = null; // the node that all of it is about, if there is one
    }

    grow(y) { this.height = Math.max(this.height, y); }

    /* Words, broken at *limit* pixels; returns where the next line would begin. */
    text(x, y, words, { size = 13, weight = 400, colour = "ink", limit = Infinity, anchor = "start", layer = "cards" } = {}) {
      const lines = limit === Infinity ? [words] : KG.labels.wrap(ctx, words, KG.labels.font(size, weight), limit);
      lines.forEach((line, n) => this.layers[layer].push(s("text", {
        x, y: y + size * 1.05 + n * size * 1.42, "font-size": size, "font-weight": weight, fill: this.colour[colour] || colour, "text-anchor": anchor,
      }, line)));
      const end = y + lines.length * size * 1.42;
      this.grow(end);
      return end;
    }

    width_(words, size, weight = 400) { return KG.labels.width(ctx, words, KG.labels.font(size, weight)); }

    band(x, y, w, h, colour = "group") {
      this.layers.ground.push(s("rect", { x, y, width: w, height: h, rx: 10, fill: this.colour[colour] }));
      this.grow(y + h);
    }

    /* A small coloured word; returns its width. */
    tag(into, x, y, words, colour, paper, size = 11) {
      const w = this.width_(words, size, 600) + 12;
      into.push(
        s("rect", { x, y, width: w, height: size + 7, rx: 4, fill: this.colour[paper] }),
        s("text", { x: x + 6, y: y + size + 1.5, "font-size": size, "font-weight": 600, fill: this.colour[colour] }, words));
      return w;
    }

    /* Words and coloured words after them, in as many lines as they need; returns where the next line would begin. */
    tags(x, y, words, tags) {
      this.text(x, y, words, { size: 12.5, weight: 600 });
      let at = x + this.width_(words, 12.5, 600) + 12;
      for (const { text, colour, paper } of tags) {
        if (at + this.width_(text, 12, 600) + 12 > this.width - x) { at = x; y += 25; }
        at += this.tag(this.layers.cards, at, y, text, colour, paper, 12) + 8;
      }
      this.grow(y + 21);
      return y + 21;
    }

    /* The parts of a figure's badge, with the place of each, and the width of all; *rest* is what a card of that width has no
       room for. */
    badge(figure, inner) {
      const { bound, amount, more } = KG.badge(figure);
      const all = [[bound, 10.5, 400, "soft"], [amount, 12, 650, "ink"], [more.join(" "), 10.5, 400, "soft"]].filter(([words]) => words);
      const whole = all.reduce((sum, [words, size, weight]) => sum + this.width_(words, size, weight) + 5, 7);
      const rest = whole > inner && more.length ? all.pop()[0] : "";
      let w = 6;
      const parts = all.map(([words, size, weight, colour]) => {
          const part = { words, size, weight, colour, left: w };
          w += this.width_(words, size, weight) + 5;
          return part;
        });
      return { parts, w: w + 1, rest };
    }

    /* A figure: what it counts, its badge, and *more*, beside each other where there is room and else below; returns the height. */
    figure(into, x, y, { text, figure, more = "" }, inner) {
      const soft = (words, left, base) => s("text", { x: left, y: base, "font-size": 11.5, fill: this.colour.soft }, words);
      const { parts, w, rest } = this.badge(figure, inner);
      more = [rest, more].filter(Boolean).join(" · ");
      const wide = text ? this.width_(text, 11.5) + 6 : 0;
      const beside = wide + w <= inner;
      const names = text ? KG.labels.wrap(ctx, text, KG.labels.font(11.5), inner) : [];
      names.forEach((line, n) => into.push(soft(line, x, y + 13 + n * 16)));
      const [left, top] = beside ? [x + wide, y] : [x, y + names.length * 16 + 2];
      into.push(s("rect", { x: left, y: top, width: w, height: 18, rx: 4, fill: this.colour.tag }), ...parts.map((part) => s("text", {
        x: left + part.left, y: top + 13, "font-size": part.size, "font-weight": part.weight, fill: this.colour[part.colour],
      }, part.words)));
      const end = left + w + 7;
      if (more && end + this.width_(more, 11.5) <= x + inner) {
        into.push(soft(more, end, top + 13));
        return top + 19 - y;
      }
      const below = more ? KG.labels.wrap(ctx, more, KG.labels.font(11.5), inner) : [];
      below.forEach((line, n) => into.push(soft(line, x, top + 32 + n * 16)));
      return top + 19 + below.length * 16 - y;
    }

    /* A card for a thing (node) or a class of the schema; returns {x, y, w, h}. *lines*: under the name, each
       {text} or {text, figure, more}. */
    card(x, y, w, { node = null, schema = null, name, note = "", lines = [], tag = null, size = 13, weight = 500, dashed = false }) {
      const kind = schema || KG.nodes[node].kind;
      const into = [];
      const inner = w - 2 * PAD - 21;
      let at = y + PAD - 2;
      if (tag) {
        this.tag(into, x + PAD + 21, at + 2, tag.text, tag.colour, tag.paper);
        at += 22;
      }
      const words = name || KG.nodes[node].label;
      const write = (text, s_, w_, colour) => {
        for (const line of KG.labels.wrap(ctx, text, KG.labels.font(s_, w_), inner)) {
          into.push(s("text", { x: x + PAD + 21, y: at + s_ * 1.08, "font-size": s_, "font-weight": w_, fill: this.colour[colour] }, line));
          at += s_ * 1.4;
        }
      };
      const symbol = at + 1;
      write(words, size, weight, "ink");
      if (note) { at += 1; write(note, 11.5, 400, "soft"); }
      for (const line of lines) {
        at += 3;
        if (line.figure) at += this.figure(into, x + PAD + 21, at, line, inner);
        else write(line.text, 11.5, 400, "soft");
      }
      const h = Math.max(at + PAD - 1 - y, 34);
      const look = KG.lookOf(kind);
      const element = s("g", {
        class: "item", tabindex: 0, role: "button", "data-node": node, "data-schema": schema,
        "aria-label": [KG.kindName(kind), words, tag && tag.text, note].filter(Boolean).join("，"),
      },
      s("rect", { class: "face", x, y, width: w, height: h, rx: 7, fill: this.colour.card, stroke: this.colour.line, "stroke-dasharray": dashed ? "5 4" : null }),
      s("path", { d: KG.look.shapes[look.shape], transform: `translate(${x + PAD + 7},${symbol + 8}) scale(6.4)`, fill: look.fill, stroke: look.border, "stroke-width": 0.2, "stroke-linejoin": "round" }),
      into);
      this.layers.cards.push(element);
      const box = { x, y, w, h, element };
      const key = schema || node;
      if (!this.cards.has(key)) this.cards.set(key, box);
      this.grow(y + h);
      return box;
    }

    /* A line from *a* to *b*, along the path *d*; a click on it chooses *selection*. */
    link(a, b, d, { selection = null, colour = "edge", width = 1.3, dash = null, arrow = null, faint = false } = {}) {
      const stroke = this.colour[colour];
      const element = s("g", { class: "link" },
        s("path", { class: "line", d, fill: "none", stroke, "stroke-width": width, "stroke-dasharray": dash, "stroke-opacity": faint ? 0.5 : null }),
        arrow ? s("path", { d: arrow, fill: stroke }) : null,
        selection ? s("path", { class: "grip", d, fill: "none", stroke: "#000000", "stroke-opacity": 0, "stroke-width": 11 }) : null);
      if (selection) element.addEventListener("click", () => KG.select(selection));
      this.layers.lines.push(element);
      this.links.push({ a, b, element });
    }

    svg() {
      const height = Math.ceil(this.height + 26);
      return s("svg", {
        xmlns: "http://www.w3.org/2000/svg", width: this.width, height, viewBox: `0 0 ${this.width} ${height}`, "font-family": KG.labels.family,
        role: "group", "aria-label": KG.t(`view_name_${KG.tab}`),
      }, this.layers.ground, this.layers.lines, this.layers.cards);
    }
  }

  /* A curve to the right, from the right edge of one card to the left edge of another. */
  KG.curve = (p, q) => {
    const [x1, y1, x2, y2] = [p.x + p.w, p.y + Math.min(p.h / 2, 20), q.x, q.y + Math.min(q.h / 2, 20)];
    const pull = Math.max(24, (x2 - x1) / 2);
    return `M${x1},${y1}C${x1 + pull},${y1} ${x2 - pull},${y2} ${x2},${y2}`;
  };
  /* A way along *points* in straight lines with round corners. */
  KG.bent = (points, round = 9) => points.map(([x, y], n) => {
    if (!n) return `M${x},${y}`;
    if (n === points.length - 1) return `L${x},${y}`;
    const short = (to) => {
      const length = Math.hypot(to[0] - x, to[1] - y) || 1;
      const share = Math.min(round, length / 2) / length;
      return [x + (to[0] - x) * share, y + (to[1] - y) * share];
    };
    return `L${short(points[n - 1])}Q${x},${y} ${short(points[n + 1])}`;
  }).join("");
  /* An arrow head at (x, y) that points along (ux, uy). */
  KG.head = (x, y, ux, uy) => `M${x},${y}L${x - 8 * ux - 3.6 * uy},${y - 8 * uy + 3.6 * ux}L${x - 8 * ux + 3.6 * uy},${y - 8 * uy - 3.6 * ux}Z`;

  let board = null;
  let drawn = null;
  const view = () => KG.boardViews[KG.tab];
  const choose = (element) => {
    const { node, schema } = element.dataset;
    if (schema) KG.select({ schema: { kind: schema } });
    else if (KG.pathFrom !== null) KG.finishPath(Number(node));
    else KG.select({ node: Number(node) });
  };
  container.addEventListener("click", (event) => {
    const item = event.target.closest(".item");
    if (item) choose(item);
    else if (!event.target.closest(".link")) KG.select(null);
  });
  container.addEventListener("keydown", (event) => {
    const item = event.target.closest(".item");
    if (item && (event.key === "Enter" || event.key === " ")) { choose(item); event.preventDefault(); }
  });

  /* What is chosen, and all that lines lead to from it, either way. */
  const mark = () => {
    if (!board) return;
    const { selection } = KG;
    const chosen = !selection ? null : selection.schema ? selection.schema.kind : selection.node !== undefined ? selection.node : null;
    const ends = selection && selection.pair ? [selection.pair.a, selection.pair.b] : selection && selection.figures ? [selection.figures.a, selection.figures.b] : null;
    const lit = new Set(ends || []);
    if (chosen !== null && board.cards.has(chosen)) {
      for (const [from, to] of [["a", "b"], ["b", "a"]]) {
        let ring = [chosen];
        const seen = new Set(ring);
        for (let step = 0; ring.length && step < board.reach; step += 1) {
          ring = board.links.filter((link) => ring.includes(link[from]) && !seen.has(link[to])).map((link) => link[to]);
          for (const i of ring) seen.add(i);
        }
        for (const i of seen) lit.add(i);
      }
    }
    const any = lit.size > 0 && board.links.length > 0;
    for (const element of container.querySelectorAll(".item")) {
      const key = element.dataset.schema || Number(element.dataset.node);
      element.classList.toggle("on", key === chosen);
      element.classList.toggle("dim", any && !lit.has(key));
      element.setAttribute("aria-pressed", String(key === chosen));
    }
    for (const { a, b, element } of board.links) {
      const on = any && lit.has(a) && lit.has(b) && (board.reach > 1 || a === chosen || b === chosen || ends);
      element.classList.toggle("on", Boolean(on));
      element.classList.toggle("dim", any && !on);
    }
  };

  let printing = false;
  const render = () => {
    const active = Boolean(view());
    container.hidden = !active || KG.tableOpen;
    if (!active) { drawn = null; return; }
    if (container.hidden || !container.clientWidth) return;
    const top = drawn === KG.tab ? container.scrollTop : 0;
    const held = document.activeElement?.closest?.("#board .item")?.dataset.node;
    board = new Board(Math.max(container.clientWidth - 2, 320), printing);
    view().draw(board);
    if (!board.layers.cards.length) board.text(24, 24, KG.t(KG.filtered() ? "empty_filter" : `none_${KG.tab}`), { colour: "soft", size: 14, limit: board.width - 48 });
    container.replaceChildren(board.svg());
    container.scrollTop = top;
    if (held !== undefined) container.querySelector(`.item[data-node="${held}"]`)?.focus();
    drawn = KG.tab;
    mark();
  };

  KG.board = {
    render,
    holds: (i) => Boolean(view() && board && (board.cards.has(i) || board.topic === i)),
    reveal(i) {
      const box = board && board.cards.get(i);
      if (!box) { if (board && board.topic === i) container.scrollTop = 0; return; }
      if (box.y < container.scrollTop + 40 || box.y + box.h > container.scrollTop + container.clientHeight) {
        container.scrollTo({ top: Math.max(0, box.y - container.clientHeight / 3), behavior: KG.scene.still ? "auto" : "smooth" });
      }
    },
    chooser: () => (view() && view().chooser ? view().chooser() : []),
    /* The drawing alone, for a file: no marks of what is chosen, a ground of its own. */
    file() {
      const alone = new Board(board.width, true);
      view().draw(alone);
      const svg = alone.svg();
      for (const element of svg.querySelectorAll(".grip")) element.remove();
      for (const element of svg.querySelectorAll(".item")) for (const name of ["tabindex", "role", "data-node", "data-schema"]) element.removeAttribute(name);
      for (const element of svg.querySelectorAll("[class]")) element.removeAttribute("class");
      svg.prepend(s("rect", { width: "100%", height: "100%", fill: KG.colour.paper }));
      svg.setAttribute("aria-label", KG.title);
      return svg;
    },
    held: () => (board ? [...new Set([...(board.topic === null ? [] : [board.topic]), ...board.cards.keys()])].filter((key) => typeof key === "number") : []),
  };
  KG.on("tab language scheme filtered table sheet", render);
  for (const event of ["beforeprint", "afterprint"]) window.addEventListener(event, () => { printing = event === "beforeprint"; render(); });
  /* On a phone the panel takes half of the window: what was clicked stays in sight. */
  KG.on("selected", () => {
    mark();
    if (KG.selection && KG.selection.node !== undefined && !container.hidden) KG.board.reveal(KG.selection.node);
  });
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(container.clientWidth - width) < 2 || container.hidden) return;
    width = container.clientWidth;
    render();
  }).observe(container);

  /* Title (null: it stands above the board already) and explanation at the head of a board; returns where the rest begins. */
  KG.boardHead = (board_, title, words) => {
    const left = board_.narrow ? 14 : 24;
    let y = title === null ? 14 : board_.text(left, 16, title, { size: 17, weight: 650, limit: board_.width - 2 * left }) + 3;
    for (const line of [words].flat()) y = board_.text(left, y, line, { size: 12.5, colour: "soft", limit: board_.width - 2 * left }) + 3;
    return y + 13;
  };
})();
