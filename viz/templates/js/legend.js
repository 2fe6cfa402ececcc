/* The legend switches classes on and off; the line above the drawing says what is shown and leads back. */
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
      const on = !KG.hidden.has(kind);
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
          h("button", { type: "button", class: "text", id: "legend-all", onclick: () => KG.switchAll(true) }, KG.t("legend_all")),
          h("button", { type: "button", class: "text", id: "legend-none", onclick: () => KG.switchAll(false) }, KG.t("legend_none"))) : null),
      ...(open ? groups.filter(([, kinds]) => kinds.length).map(([group, kinds]) => h("div", { class: "group" }, h("h3", {}, KG.groupName(group)), kinds.map(entry))) : []),
    );
    if (focused) {
      const again = [...legend.querySelectorAll("[data-kind]")].find((button) => button.dataset.kind === focused);
      if (again) again.focus();
    }
  };

  const renderWhere = () => {
    const { mode, centre, shown } = KG.view;
    const total = KG.nodes.length;
    const visible = KG.scene.places().size;
    const text = mode === "near" ? KG.t("view_near", { name: KG.nodes[centre].label })
      : visible === total ? KG.t("view_all", { total: KG.number(total) })
        : KG.t("view_first", { n: KG.number(visible), total: KG.number(total) });
    const step = (id, key, action) => h("button", { type: "button", id, onclick: action }, KG.t(key));
    where.replaceChildren(
      ...[
        KG.canGoBack() ? h("button", { type: "button", id: "back", class: "back", onclick: KG.back }, `‹ ${KG.t("back")}`) : null,
        h("span", { id: "what" }, text),
        KG.hidden.size ? h("span", { class: "filtered" }, KG.t("view_filtered", { n: [...KG.hidden].filter((kind) => KG.kinds.includes(kind)).length })) : null,
        mode === "near" ? step("home", "home", KG.goFirst) : null,
        mode === "first" && shown.size < total ? step("all", "show_all", KG.goAll) : null,
        mode === "all" && KG.first.size < total ? step("first", "show_first", KG.goFirst) : null,
      ].filter(Boolean),
    );
    const notice = KG.$("notice");
    notice.hidden = visible > 0;
    notice.textContent = visible > 0 ? "" : KG.t(KG.hidden.size ? "empty_filter" : "empty");
  };
  for (const event of ["shown", "language"]) {
    KG.on(event, render);
    KG.on(event, renderWhere);
  }
})();
