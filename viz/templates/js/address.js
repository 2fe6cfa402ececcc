/* What is shown stands in the address after the #, so that it can be shared, kept as a bookmark, and opened again. */
(() => {
  let quiet = true; // while an address is being read
  let timer = 0;

  const write = () => {
    const p = new URLSearchParams();
    const { view, selection, filter } = KG;
    const keys = (numbers) => [...numbers].map((i) => KG.key(i)).join("|");
    p.set("view", KG.tab);
    if (KG.tab === "answers" && KG.sheet) p.set("of", KG.key(KG.boards.answers[KG.sheet].proposal));
    if (view.mode !== "first") p.set("mode", view.mode);
    if (view.centre !== null) p.set("at", KG.key(view.centre));
    if (view.ends) p.set("ends", keys(view.ends));
    if (view.added.length) p.set("add", keys(view.added));
    if (view.gone.size) p.set("gone", keys(view.gone));
    const pinned = [...view.shown].filter(([, place]) => place.pinned);
    if (pinned.length) p.set("pin", pinned.map(([i, { x, y }]) => `${KG.key(i)}@${Math.round(x)},${Math.round(y)}`).join("|"));
    if (selection && selection.node !== undefined) p.set("node", KG.key(selection.node));
    if (selection && selection.pair) p.set("line", keys([selection.pair.a, selection.pair.b]));
    if (filter.kinds.size) p.set("hide", [...filter.kinds].join("|"));
    if (filter.predicates.size) p.set("without", [...filter.predicates].join("|"));
    for (const key of ["source", "agency", "from", "to"]) if (filter[key]) p.set(key, filter[key]);
    if (filter.confidence) p.set("confidence", filter.confidence);
    if (KG.tableOpen) p.set("table", "1");
    if (KG.lang !== KG.firstLang) p.set("lang", KG.lang);
    if (KG.schemeWanted) p.set("scheme", KG.schemeWanted);
    if (KG.embedded) p.set("embed", "1");
    return p.toString();
  };
  KG.address = () => `${location.href.split("#")[0]}#${write()}`;

  /* From a piece of another page to the whole of this one. */
  KG.$("full").addEventListener("pointerdown", () => {
    KG.embedded = false;
    KG.$("full").href = `#${write()}&embed=0`;
    KG.embedded = true;
  });

  const save = () => {
    if (quiet) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const hash = `#${write()}`;
      if (hash !== location.hash) history.replaceState(null, "", hash);
    }, 120);
  };

  /* Show what the address says; what it does not say, or what this page has not, is as when it opens. */
  KG.readAddress = () => {
    const p = new URLSearchParams(location.hash.slice(1));
    const list = (key) => (p.get(key) || "").split("|").filter(Boolean);
    const nodes = (key) => list(key).map(KG.byKey).filter((i) => i !== null);
    quiet = true;
    if (["zh", "en"].includes(p.get("lang")) && p.get("lang") !== KG.lang) KG.setLanguage(p.get("lang"));
    if (["light", "dark"].includes(p.get("scheme"))) KG.setScheme(p.get("scheme"));
    KG.embedded = p.has("embed") ? p.get("embed") !== "0" : KG.opening.embed;
    document.body.classList.toggle("embedded", KG.embedded);
    KG.$("full").hidden = !KG.embedded;
    KG.setFilter({
      kinds: new Set(list("hide")), predicates: new Set(list("without")), source: p.get("source") || "", agency: p.get("agency") || "",
      from: p.get("from") || "", to: p.get("to") || "", confidence: Number(p.get("confidence")) || 0,
    });
    const tab = KG.tabs.includes(p.get("view")) ? p.get("view") : KG.opening.view;
    const at = KG.byKey(p.get("at") || "");
    const sheet = KG.sheetOf(KG.byKey(p.get("of") || "") ?? -1);
    KG.sheet = Math.max(sheet, 0);
    const [from, to] = nodes("ends");
    const path = p.get("mode") === "path" && to !== undefined ? KG.path(from, to) : null;
    if (path) KG.goPath(path);
    else if (p.get("mode") === "near" && at !== null) KG.goTo("near", at);
    else if (tab === "about" && KG.nodes.length) KG.goTo("near", KG.focus ?? KG.ranked[0].id);
    else KG.goTo(p.get("mode") === "all" ? "all" : "first");
    const pinned = list("pin").map((words) => {
      const [, key, x, y] = /^(.*)@(-?\d+),(-?\d+)$/.exec(words) || [];
      return [key === undefined ? null : KG.byKey(key), { x: Number(x), y: Number(y) }];
    }).filter(([i]) => i !== null);
    if (p.has("add") || p.has("gone") || pinned.length) KG.restore(nodes("add"), nodes("gone"), pinned);
    KG.setTab(tab, false);
    KG.emit("sheet");
    KG.setTable(p.get("table") === "1");
    const node = KG.byKey(p.get("node") || "");
    const [a, b] = nodes("line");
    const pair = b === undefined ? null : KG.scene.pairBetween(a, b);
    if (path) { /* it is chosen already */ } else if (node !== null) KG.select({ node });
    else if (pair) KG.select({ pair });
    else if (!p.has("view") && KG.focus !== null) KG.select({ node: KG.focus });
    else if (KG.view.mode === "near" && (tab === "graph" || tab === "about")) KG.select({ node: KG.view.centre });
    else KG.select(null);
    if (node !== null) KG.board.reveal(node);
    quiet = false;
  };
  KG.on("shown selected filtered tab table sheet language scheme", save);
  window.addEventListener("hashchange", () => { if (location.hash !== `#${write()}`) KG.readAddress(); });
})();
