/* What may be seen: by class, property, source, agency, year and confidence. A thing stays while something said of it does. */
(() => {
  const { h } = KG;
  const box = KG.$("filters");
  const none = () => ({ kinds: new Set(), predicates: new Set(), source: "", agency: "", from: "", to: "", confidence: 0 });
  KG.filter = none();

  const idOf = KG.sourceId;
  const yearOf = (source) => source.date.slice(0, 4);
  const sources = [...new Set(KG.sources.map(idOf))].filter(Boolean).sort();
  const agencies = [...new Set(KG.sources.map((source) => source.agency))].filter(Boolean).sort((a, b) => a.localeCompare(b, "zh"));
  const years = [...new Set(KG.sources.map(yearOf))].filter((year) => /^\d{4}$/.test(year)).sort();
  const properties = [...new Set(KG.edges.map((edge) => edge.predicate))].sort();
  const doubtful = KG.edges.some((edge) => edge.confidence !== null);

  /* Sources that pass, or null if all do. */
  let allowed = null;
  const allow = () => {
    const { source, agency, from, to } = KG.filter;
    allowed = !source && !agency && !from && !to ? null : new Set(KG.sources.map((_, n) => n).filter((n) => {
      const s = KG.sources[n];
      return (!source || idOf(s) === source) && (!agency || s.agency === agency)
        && (!from || (yearOf(s) && yearOf(s) >= from)) && (!to || (yearOf(s) && yearOf(s) <= to));
    }));
  };
  const saidBy = (quotes) => quotes.some((quote) => allowed.has(KG.quoteSource(quote)));
  KG.edgeOn = (edge) => !KG.filter.predicates.has(edge.predicate)
    && (edge.confidence === null || edge.confidence * 100 >= KG.filter.confidence)
    && (!allowed || saidBy(edge.quotes));
  KG.pairOn = (pair) => pair.edges.some(KG.edgeOn);
  KG.nodeOn = (i) => {
    const node = KG.nodes[i];
    if (KG.filter.kinds.has(node.kind)) return false;
    return !allowed || saidBy(node.quotes) || node.facts.some((fact) => saidBy(fact.quotes)) || node.edges.some((edge) => saidBy(edge.quotes));
  };
  /* How many kinds of filter are at work. */
  KG.filtered = () => {
    const { kinds, predicates, source, agency, from, to, confidence } = KG.filter;
    return [[...kinds].some((kind) => KG.kinds.includes(kind)), predicates.size, source, agency, from || to, confidence].filter(Boolean).length;
  };

  KG.setFilter = (change) => {
    Object.assign(KG.filter, change);
    allow();
    KG.emit("filtered");
  };
  KG.clearFilters = () => KG.setFilter(none());
  KG.switchKind = (kind, on) => {
    const kinds = new Set(KG.filter.kinds);
    if (on) kinds.delete(kind);
    else kinds.add(kind);
    KG.setFilter({ kinds });
  };

  /* The form. */
  let open = false;
  KG.openFilters = (wanted = !open) => { open = wanted; render(); if (open) (box.querySelector("select, input") || box.querySelector("button")).focus(); };
  const select = (key, name, values, all) => (values.length ? h("label", {}, h("span", {}, KG.t(name)),
    h("select", { "data-filter": key, onchange: (event) => KG.setFilter({ [key]: event.target.value }) },
      h("option", { value: "" }, all || KG.t("filter_any")),
      values.map((value) => h("option", { value, selected: KG.filter[key] === value }, value)))) : null);
  const render = () => {
    box.hidden = !open;
    document.body.classList.toggle("filtering", open);
    KG.$("open-filters")?.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const held = document.activeElement?.dataset?.filter;
    const property = (name) => h("label", { class: "check" }, h("input", {
      type: "checkbox", "data-filter": `p-${name}`, checked: !KG.filter.predicates.has(name), onchange: (event) => {
        const predicates = new Set(KG.filter.predicates);
        if (event.target.checked) predicates.delete(name);
        else predicates.add(name);
        KG.setFilter({ predicates });
      },
    }), h("span", {}, KG.propertyName(name)));
    box.replaceChildren(
      h("div", { class: "bar" }, h("h3", {}, KG.t("filters")),
        h("button", { type: "button", class: "text", id: "filters-clear", onclick: KG.clearFilters }, KG.t("filters_clear")),
        h("button", { type: "button", class: "plain", "aria-label": KG.t("close"), onclick: () => KG.openFilters(false) }, "×")),
      ...[
        select("source", "filter_source", sources), select("agency", "filter_agency", agencies),
        years.length ? h("div", { class: "pair" }, select("from", "filter_from", years), select("to", "filter_to", years)) : null,
        doubtful ? h("label", {}, h("span", {}, KG.t("filter_confidence", { n: KG.filter.confidence })),
          h("input", { type: "range", min: 0, max: 100, step: 5, value: KG.filter.confidence, "data-filter": "confidence",
            oninput: (event) => KG.setFilter({ confidence: Number(event.target.value) }) })) : null,
        h("fieldset", {}, h("legend", {}, KG.t("filter_property")),
          h("div", { class: "both" },
            h("button", { type: "button", class: "text", onclick: () => KG.setFilter({ predicates: new Set() }) }, KG.t("legend_all")),
            h("button", { type: "button", class: "text", onclick: () => KG.setFilter({ predicates: new Set(properties) }) }, KG.t("legend_none"))),
          properties.map(property)),
      ].filter(Boolean),
    );
    if (held) [...box.querySelectorAll("[data-filter]")].find((element) => element.dataset.filter === held)?.focus();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    KG.openFilters(false);
    KG.$("open-filters")?.focus();
    event.stopPropagation();
  });
  KG.on("filtered language", render);
})();
