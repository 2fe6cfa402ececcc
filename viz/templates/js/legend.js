/* The legend switches classes on and off; the line above the drawing says what is shown and leads back and forth. */
(() => {
  const { h } = KG;
  const legend = KG.$("legend");
  const where = KG.$("where");
  let open = window.innerWidth > 760;

  const counts = () => {
    const total = {};
    const shown = {};
    for (const node of KG.nodes) total[node.kind] = (total[node.kind] || 0) + 1;
    for (const i of KG.view.shown.keys()) shown[KG.nodes[i].kind] = (shown[KG.nodes[i].kind] || 0) + 1;
    return { total, shown };
  };

  const render = () => {
    const { total, shown } = counts();
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.kind : null;
    const groups = Object.keys(KG.look.groups).map((group) => [group, KG.kinds.filter((kind) => KG.lookOf(kind).group === group)]);
    const entry = (kind) => {
      const on = !KG.filter.kinds.has(kind);
      const n = shown[kind] || 0;
      return h("button", {
        type: "button", role: "switch", "aria-checked": String(on), "data-kind": kind, class: n ? "entry" : "entry absent",
        onclick: () => KG.switchKind(kind, !on),
      }, KG.icon(kind), h("span", { class: "name" }, KG.kindName(kind)),
      h("span", { class: "count" }, n === total[kind] ? KG.number(n) : `${KG.number(n)}/${KG.number(total[kind])}`));
    };
    legend.classList.toggle("open", open);
    legend.replaceChildren(
      h("div", { class: "bar", title: KG.t("legend_hint") },
        h("button", { type: "button", class: "fold", "aria-expanded": String(open), onclick: () => { open = !open; render(); } }, KG.t("legend")),
        open ? h("span", { class: "both" },
          h("button", { type: "button", class: "text", id: "legend-all", onclick: () => KG.setFilter({ kinds: new Set() }) }, KG.t("legend_all")),
          h("button", { type: "button", class: "text", id: "legend-none", onclick: () => KG.setFilter({ kinds: new Set(KG.kinds) }) }, KG.t("legend_none"))) : null),
      ...(open ? groups.filter(([, kinds]) => kinds.length).map(([group, kinds]) => h("div", { class: "group" }, h("h3", {}, KG.groupName(group)), kinds.map(entry))) : []),
    );
    if (focused) {
      const again = [...legend.querySelectorAll("[data-kind]")].find((button) => button.dataset.kind === focused);
      if (again) again.focus();
    }
  };

  const button = (id, key, action, more = {}) => h("button", { type: "button", id, onclick: action, ...more }, KG.t(key));
  const filtering = () => {
    const n = KG.filtered();
    return [
      h("button", { type: "button", id: "open-filters", class: n ? "filtered" : "", "aria-expanded": "false", onclick: () => KG.openFilters() },
        n ? KG.t("view_filtered", { n }) : KG.t("filters")),
      n ? button("clear-filters", "filters_clear", KG.clearFilters) : null,
    ];
  };
  const renderWhere = () => {
    const { mode, centre, ends, shown } = KG.view;
    const graph = KG.tab === "graph" || KG.tab === "about";
    const total = KG.nodes.length;
    const visible = KG.scene.places().size;
    if (KG.pathFrom !== null) {
      where.replaceChildren(h("span", { id: "what", class: "asking" }, KG.t("path_pick", { name: KG.nodes[KG.pathFrom].label })), button("path-cancel", "cancel", KG.cancelPath));
    } else if (!graph) where.replaceChildren(...[KG.board.chooser(), filtering()].flat(2).filter(Boolean));
    else {
      /* What the panel has as its heading is not said again. */
      const told = KG.selection && (KG.selection.node === centre || KG.selection.path);
      const near = mode === "near" ? { n: KG.number(visible - 1), more: KG.missing(centre).length, name: KG.nodes[centre].label } : {};
      const number = near.more ? KG.t("near_some", { n: near.n, total: KG.number(visible - 1 + near.more) }) : KG.t("near_all", near);
      const text = mode === "near" ? KG.t(told ? "view_near_told" : "view_near", { name: near.name, number })
        : mode === "path" ? (told ? KG.t("view_path_told") : KG.t("view_path", { a: KG.nodes[ends[0]].label, b: KG.nodes[ends[1]].label }))
          : visible === total ? KG.t("view_all", { total: KG.number(total) })
            : KG.t("view_first", { n: KG.number(visible), total: KG.number(total) });
      where.replaceChildren(
        ...[
          KG.canGoBack() ? h("button", { type: "button", id: "back", class: "back", title: KG.t("undo_hint"), onclick: KG.back }, `‹ ${KG.t("back")}`) : null,
          KG.canGoForth() ? h("button", { type: "button", id: "forth", "aria-label": KG.t("forth"), title: KG.t("forth"), onclick: KG.forth }, "›") : null,
          h("span", { id: "what", class: told ? "told" : mode === "near" || mode === "path" ? "long" : "" }, text),
          filtering(),
          mode === "near" || mode === "path" ? button("home", "home", () => { KG.goFirst(); KG.setTab("graph", false); }) : null,
          mode === "first" && shown.size < total ? button("all", "show_all", KG.goAll) : null,
          mode === "all" && KG.first.size < total ? button("first", "show_first", KG.goFirst) : null,
        ].flat().filter(Boolean),
      );
    }
    const notice = KG.$("notice");
    notice.hidden = visible > 0 || !graph;
    notice.textContent = visible > 0 ? "" : KG.t(KG.filtered() ? "empty_filter" : "empty");
  };
  KG.on("shown language scheme", render);
  KG.on("shown language tab filtered sheet selected", renderWhere);

  /* A word that goes away by itself. */
  let timer = 0;
  KG.toast = (text) => {
    const notice = KG.$("notice");
    KG.say(text);
    notice.textContent = text;
    notice.hidden = false;
    notice.classList.add("toast");
    clearTimeout(timer);
    timer = setTimeout(() => { notice.classList.remove("toast"); renderWhere(); }, 4000);
  };
})();
