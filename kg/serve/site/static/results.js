/* The results of a query as a table, a chart, a drawing of a graph, or text. Each function returns an element. */
const KGResults = (() => {
  const NS = "http://www.w3.org/2000/svg";
  const MOST_ROWS = 2000;
  const MOST_BARS = 40;
  const MOST_NODES = 120;
  const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

  const html = (tag, className, ...content) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };
  const svg = (tag, attributes, ...content) => {
    const element = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...content);
    return element;
  };
  const names = new Map();
  const decode = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const shorten = (iri) => decode(iri.replace(/^https:\/\/w3id\.org\/proposal-kg\/ns#/, "pk:"));
  const nameOf = (iri) => names.get(iri) || decode(iri).split(/[#/]/).filter(Boolean).at(-1) || iri;
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const link = (iri, text) => {
    const element = html("a", "", text);
    element.href = `/thing?iri=${encodeURIComponent(iri)}`;
    return element;
  };

  /* rows */
  const cell = (term) => {
    if (!term) return html("td", "");
    if (term.type === "uri") return html("td", "", link(term.value, shorten(term.value)));
    const text = term.type === "triple" ? JSON.stringify(term.value) : term.value;
    return html("td", text.length < 12 && /^[\x20-\x7e]*$/.test(text) ? "nowrap" : "", text);
  };
  const drawTable = (data) => {
    const table = html("table", "list");
    const head = table.createTHead().insertRow();
    for (const name of data.head.vars) {
      const title = html("th", "", name);
      title.scope = "col";
      head.append(title);
    }
    const body = table.createTBody();
    for (const binding of data.results.bindings.slice(0, MOST_ROWS)) {
      body.insertRow().append(...data.head.vars.map((name) => {
        const box = cell(binding[name]);
        box.dataset.label = name;
        return box;
      }));
    }
    return table;
  };

  /* bars: the first column that has only numbers, by the first other column */
  const isNumber = (term) => term.type === "literal" && term.value.trim() !== "" && Number.isFinite(Number(term.value));
  const findColumns = (data) => {
    const rows = data.results.bindings;
    const numbers = data.head.vars.filter((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || isNumber(row[name])));
    const value = numbers.at(-1);
    const label = data.head.vars.find((name) => name !== value);
    return rows.length && value ? { value, label } : null;
  };
  const drawChart = (data) => {
    const columns = findColumns(data);
    const rows = data.results.bindings.filter((row) => row[columns.value]).slice(0, MOST_BARS);
    const values = rows.map((row) => Number(row[columns.value].value));
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const span = high - low || 1;
    const chart = html("figure", "bars");
    rows.forEach((row, i) => {
      const term = columns.label && row[columns.label];
      const name = term ? (term.type === "uri" ? nameOf(term.value) : term.value) : String(i + 1);
      const bar = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { x: ((Math.min(0, values[i]) - low) / span) * 100, y: 0, width: Math.max((Math.abs(values[i]) / span) * 100, 0.3), height: 10 }));
      chart.append(html("div", "bar", html("span", "name", cut(name, 60)), bar, html("b", "", row[columns.value].value)));
    });
    chart.append(html("figcaption", "soft", `${columns.value}${columns.label ? ` / ${columns.label}` : ""}`));
    return chart;
  };

  /* graphs: triples of a CONSTRUCT, or the things of a row, each tied to the next */
  const readTriples = (text) => {
    const found = [];
    const line = /^(<[^>]*>|_:\S+) <([^>]*)> (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"\S*) \.$/;
    const bare = (term) => term.replace(/^<|>$/g, "").replace(/\\u([0-9A-Fa-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
    for (const one of text.split("\n")) {
      const match = line.exec(one);
      if (match) found.push({ from: bare(match[1]), by: bare(match[2]), to: bare(match[3]), literal: match[3].startsWith('"') });
    }
    return found;
  };
  const readRows = (data) => {
    const found = [];
    for (const row of data.results.bindings) {
      const things = data.head.vars.filter((name) => row[name] && row[name].type === "uri");
      for (let i = 1; i < things.length; i += 1) {
        found.push({ from: row[things[i - 1]].value, by: things[i], to: row[things[i]].value, literal: false });
      }
    }
    return found;
  };
  const findTies = (triples) => triples.filter((one) => !one.literal && one.by !== RDF_TYPE);

  const place = (nodes, ties, width, height) => {
    nodes.forEach((node, i) => {
      const turn = i * 2.399963;
      const far = 24 * Math.sqrt(i + 0.5);
      node.x = width / 2 + far * Math.cos(turn);
      node.y = height / 2 + far * Math.sin(turn);
    });
    const reach = Math.sqrt((width * height) / Math.max(nodes.length, 1)) * 0.55;
    for (let step = 0; step < 260; step += 1) {
      const heat = (1 - step / 260) * 18;
      for (const node of nodes) { node.dx = (width / 2 - node.x) * 0.8; node.dy = (height / 2 - node.y) * 1.2; }
      for (let i = 0; i < nodes.length; i += 1) {
        for (let j = 0; j < i; j += 1) {
          const [a, b] = [nodes[i], nodes[j]];
          const [x, y] = [a.x - b.x || 0.1, a.y - b.y || 0.1];
          const push = (reach * reach) / (x * x + y * y);
          a.dx += x * push; a.dy += y * push; b.dx -= x * push; b.dy -= y * push;
        }
      }
      for (const { a, b } of ties) {
        const [x, y] = [b.x - a.x, b.y - a.y];
        const pull = Math.hypot(x, y) / reach / 2.5;
        a.dx += x * pull; a.dy += y * pull; b.dx -= x * pull; b.dy -= y * pull;
      }
      for (const node of nodes) {
        const length = Math.hypot(node.dx, node.dy) || 1;
        node.x = Math.min(width - 96, Math.max(96, node.x + (node.dx / length) * Math.min(length, heat)));
        node.y = Math.min(height - 26, Math.max(16, node.y + (node.dy / length) * Math.min(length, heat)));
      }
    }
  };
  const drawGraph = (triples) => {
    const labels = new Map(triples.filter((one) => one.literal && /(label|title)$/.test(one.by))
      .map((one) => [one.from, JSON.parse(one.to.replace(/"[^"]*$/, '"'))]));
    const nodes = new Map();
    const ties = [];
    for (const one of findTies(triples)) {
      for (const iri of [one.from, one.to]) if (!nodes.has(iri) && nodes.size < MOST_NODES) nodes.set(iri, { iri });
      const [a, b] = [nodes.get(one.from), nodes.get(one.to)];
      if (a && b) ties.push({ a, b, by: nameOf(one.by) });
    }
    const [width, height] = window.innerWidth < 760 ? [480, 620] : [1180, 620];
    const list = [...nodes.values()];
    place(list, ties, width, height);
    const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "drawing", role: "img", "aria-label": `${list.length} / ${ties.length}` });
    for (const { a, b, by } of ties) {
      drawing.append(svg("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y }));
      if (ties.length <= 40) drawing.append(svg("text", { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, class: "by" }, by));
    }
    for (const node of list) {
      const name = labels.get(node.iri) || nameOf(node.iri);
      drawing.append(svg("a", { href: `/thing?iri=${encodeURIComponent(node.iri)}` }, svg("title", {}, name),
        svg("circle", { cx: node.x, cy: node.y, r: 6 }), svg("text", { x: node.x, y: node.y + 18 }, cut(name, 16))));
    }
    return drawing;
  };

  const drawText = (text) => html("pre", "", text);
  return { names, drawTable, findColumns, drawChart, readTriples, readRows, findTies, drawGraph, drawText, MOST_NODES };
})();
