/* The views, one click from each other. */
(() => {
  const { h } = KG;
  const NAMES = ["graph", "about", "agencies", "tiers", "answers", "instruments", "schema"];
  const bar = KG.$("tabs");
  KG.tab = "graph";
  KG.tabs = NAMES;

  /* Open a view. The graph and the neighbourhood of one thing are one drawing: *moving* brings it to what the name says. */
  KG.setTab = (name, moving = true) => {
    const before = KG.tab;
    KG.tab = name;
    KG.hover(null);
    const graph = name === "graph" || name === "about";
    document.body.dataset.view = name;
    KG.$("graph").hidden = !graph;
    KG.emit("tab");
    if (moving && name === "about" && KG.view.mode !== "near") {
      const chosen = KG.selection && KG.selection.node;
      KG.goNear(chosen ?? KG.focus ?? KG.ranked[0]?.id);
    } else if (moving && name === "graph" && before === "about") KG.goFirst();
    else if (!graph && KG.selection && !KG.selection.pair && !(KG.selection.node !== undefined && KG.board.holds(KG.selection.node))) KG.select(null);
    else KG.emit("selected");
    if (graph) KG.scene.redraw();
  };
  /* What is drawn tells which of the two it is. */
  KG.on("shown", () => {
    if (KG.tab !== "graph" && KG.tab !== "about") return;
    const name = KG.view.mode === "near" ? "about" : "graph";
    if (name !== KG.tab) { KG.tab = name; document.body.dataset.view = name; render(); }
  });

  const render = () => {
    const held = document.activeElement?.id?.startsWith("tab-");
    bar.replaceChildren(...NAMES.filter((name) => KG.nodes.length || name === "graph").map((name) => h("button", {
      type: "button", role: "tab", id: `tab-${name}`, "data-view": name, "aria-selected": String(name === KG.tab), "aria-controls": "stage", tabindex: name === KG.tab ? 0 : -1,
      title: KG.t(`view_title_${name}`), onclick: () => KG.setTab(name),
    }, KG.t(`view_name_${name}`))));
    const chosen = bar.querySelector("[aria-selected=true]");
    if (held) chosen.focus();
    if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft = chosen.offsetLeft - 40;
  };
  bar.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const names = [...bar.children].map((button) => button.dataset.view);
    KG.setTab(names[(names.indexOf(KG.tab) + step + names.length) % names.length]);
    event.preventDefault();
  });
  KG.on("tab language", render);
})();
