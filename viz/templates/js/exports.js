/* What is in view, to take away: pictures, a table, statements, an address, a piece of HTML for another page. */
(() => {
  const { h } = KG;
  const box = KG.$("takeaway");
  const button = KG.$("take");

  const name = () => (KG.title.replace(/[\\/:*?"<>|\s]+/g, " ").trim() || "graph").slice(0, 80);
  const save = (blob, ending) => {
    const address = URL.createObjectURL(blob);
    const link = h("a", { href: address, download: `${name()}.${ending}` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };
  const text = (words, type, ending) => save(new Blob([words], { type: `${type};charset=utf-8` }), ending);

  /* A table for spreadsheets: a mark for UTF-8 at the head; nothing that such a program would take for a formula. */
  KG.csv = () => {
    const { head, rows } = KG.table();
    const plain = (value) => (typeof value === "number" ? KG.nodes[value].label : value && value.quote ? value.quote.text : String(value));
    const safe = (words) => (/^[=+\-@\t\r]/.test(words) ? `'${words}` : words);
    const line = (cells) => cells.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
    return `\ufeff${[head.map((key) => KG.t(key)), ...rows.map((row) => row.map((value) => safe(plain(value))))].map(line).join("\r\n")}\r\n`;
  };

  /* Turtle of the things in view, the statements among them, and their figures. */
  KG.turtle = () => {
    const { prefixes, ours, others } = KG.terms;
    const shown = new Set(KG.inView());
    const iri = (address) => {
      for (const [prefix, base] of Object.entries(prefixes)) {
        if (address.startsWith(base) && /^[A-Za-z][A-Za-z0-9]*$/.test(address.slice(base.length))) return `${prefix}:${address.slice(base.length)}`;
      }
      const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `urn:x-page:${encodeURIComponent(address)}`;
      return `<${whole.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`)}>`;
    };
    const term = (local) => iri(Object.hasOwn(others, local) ? others[local] : ours + local);
    const literal = (words, more = "") => `"${words.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"${more}`;
    const dated = (words) => {
      const type = { 10: "date", 7: "gYearMonth", 4: "gYear" }[words.length];
      return /^\d{4}(-\d\d(-\d\d)?)?$/.test(words) ? literal(words, `^^xsd:${type}`) : literal(words);
    };
    const number = (words) => (/^-?\d+(\.\d+)?$/.test(words) ? literal(words, "^^xsd:decimal") : literal(words));
    const said = (subject, pairs) => (pairs.length ? `${iri(subject)}\n    ${pairs.map(([p, o]) => `${p} ${o}`).join(" ;\n    ")} .` : "");
    const FACTS = new Set(Object.keys(KG.words.facts));
    const blocks = [];
    const figures = new Map();
    for (const i of [...shown].sort((a, b) => a - b)) {
      const node = KG.nodes[i];
      const pairs = [["a", term(node.kind)], ["rdfs:label", literal(node.label, "@zh")], ...node.aliases.map((alias) => ["skos:altLabel", literal(alias, "@zh")])];
      for (const fact of node.facts) {
        if (fact.figure) { if (!figures.has(fact.figure.id)) figures.set(fact.figure.id, [fact.kind, fact.figure]); } else if (!fact.kind && FACTS.has(fact.label)) {
          pairs.push([term(fact.label), KG.isValue(fact.value) ? iri(ours + fact.value) : fact.label === "issued" ? dated(fact.value) : literal(fact.value)]);
        }
      }
      for (const edge of node.edges) {
        if (edge.from === i && shown.has(edge.to) && KG.edgeOn(edge)) pairs.push([term(edge.predicate), iri(KG.nodes[edge.to].iri)]);
      }
      blocks.push(said(node.iri, pairs));
    }
    for (const [id, [kind, figure]] of figures) {
      const pairs = [["a", term(kind)]];
      if (figure.value) pairs.push([term("value"), number(figure.value)]);
      for (const key of ["unit", "metric", "period", "per", "deadline", "frequency"]) if (figure[key]) pairs.push([term(key), literal(figure[key])]);
      if (figure.bound) pairs.push([term("bound"), iri(ours + figure.bound)]);
      for (const [slot, i] of figure.ties) if (shown.has(i)) pairs.push([term(slot), iri(KG.nodes[i].iri)]);
      for (const other of figure.decides) if (figures.has(other)) pairs.push([term("conditionOf"), iri(other)]);
      blocks.push(said(id, pairs));
    }
    return `${Object.entries(prefixes).map(([prefix, base]) => `@prefix ${prefix}: <${base}> .`).join("\n")}\n\n${blocks.join("\n\n")}\n`;
  };

  KG.take = {
    png: async () => (await KG.picture()).toBlob((blob) => save(blob, "png"), "image/png"),
    svg: () => text(KG.svg(), "image/svg+xml", "svg"),
    csv: () => text(KG.csv(), "text/csv", "csv"),
    turtle: () => text(KG.turtle(), "text/turtle", "ttl"),
    print: () => window.print(),
  };

  const copied = (field) => {
    field.select();
    const done = () => KG.toast(KG.t("copied"));
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(field.value).then(done, () => document.execCommand("copy") && done());
    else if (document.execCommand("copy")) done();
  };
  const copyable = (id, label, value) => {
    const field = h("input", { type: "text", id, readonly: true, value, onfocus: (event) => event.target.select() });
    return h("label", { class: "copyable" }, h("span", {}, label), h("span", { class: "field" }, field,
      h("button", { type: "button", onclick: () => copied(field) }, KG.t("copy"))));
  };
  const quoted = (words) => words.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const render = () => {
    const open = !box.hidden;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const address = KG.address();
    const item = (id, key) => h("button", { type: "button", id, class: "item-button", onclick: () => { close(); KG.take[id](); } }, KG.t(key));
    box.replaceChildren(
      h("h3", {}, KG.t("take_files")),
      h("div", { class: "files" }, item("png", "png"), item("svg", "svg"), item("csv", "csv"), item("turtle", "turtle"), item("print", "print")),
      h("h3", {}, KG.t("take_share")),
      copyable("address", KG.t("share_address"), address),
      copyable("embedding", KG.t("share_embed"), `<iframe src="${quoted(`${address}&embed=1`)}" width="100%" height="520" title="${quoted(KG.title)}"></iframe>`),
      h("p", { class: "hint" }, KG.t("share_hint")),
    );
  };
  const close = () => { box.hidden = true; button.setAttribute("aria-expanded", "false"); };
  KG.closeTake = close;
  button.addEventListener("click", () => { box.hidden = !box.hidden; render(); if (!box.hidden) box.querySelector("button").focus(); });
  document.addEventListener("pointerdown", (event) => { if (!box.hidden && !box.contains(event.target) && !button.contains(event.target)) close(); });
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); button.focus(); event.stopPropagation(); } });
  KG.on("language", render);
})();
