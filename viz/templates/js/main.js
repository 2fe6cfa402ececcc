/* Start: words into the frame, buttons to their actions, the first view. */
(() => {
  const { h, $ } = KG;
  const languages = $("languages");
  KG.firstLang = KG.lang;

  const frame = () => {
    for (const element of document.querySelectorAll("[data-label]")) {
      const text = KG.t(element.dataset.label);
      element.setAttribute("aria-label", text);
      if (element.tagName === "BUTTON" || element.id === "home") element.title = text;
    }
    for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = KG.t(element.dataset.placeholder);
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = KG.t(element.dataset.text);
    $("query").title = KG.t("search_hint");
    document.querySelector(".title p").textContent = KG.subtitle();
    languages.replaceChildren(...Object.entries(KG.languages).map(([code, name]) => h("button", {
      type: "button", "data-lang": code, lang: code, "aria-pressed": String(code === KG.lang), onclick: () => KG.setLanguage(code),
    }, code === "zh" ? name : code.toUpperCase())));
    KG.scene.redraw();
  };
  KG.on("language", frame);

  $("zoom-in").addEventListener("click", () => KG.scene.zoom(1.35));
  $("zoom-out").addEventListener("click", () => KG.scene.zoom(1 / 1.35));
  $("fit").addEventListener("click", () => KG.scene.fit());
  $("texts").addEventListener("click", () => {
    KG.scene.texts = !KG.scene.texts;
    $("texts").setAttribute("aria-pressed", String(KG.scene.texts));
    KG.scene.redraw();
  });
  $("as-table").addEventListener("click", () => KG.setTable(!KG.tableOpen));
  $("scheme").addEventListener("click", () => KG.setScheme(KG.scheme === "dark" ? "light" : "dark"));

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) {
      if (event.shiftKey) KG.forth();
      else KG.back();
      event.preventDefault();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { $("query").focus(); event.preventDefault(); }
    else if (event.key === "Escape") {
      if (KG.pathFrom !== null) KG.cancelPath();
      else if (KG.selection) KG.select(null);
      else KG.back();
    } else if (event.key === "t") KG.setTable(!KG.tableOpen);
    else if (event.key === "+" || event.key === "=") KG.scene.zoom(1.35);
    else if (event.key === "-") KG.scene.zoom(1 / 1.35);
    else if (event.key === "0") KG.scene.fit();
  });

  if (KG.site) {
    $("home").href = KG.site.home;
    $("home").hidden = false;
  }

  KG.scene.start();
  /* The window changes: what is chosen stays in sight, and a view that nobody has moved is fitted again. */
  let untouched = true;
  for (const event of ["moved", "click"]) KG.scene.on(event, () => { untouched = false; });
  KG.scene.on("resize", () => {
    if (KG.view.mode === "near" || KG.view.mode === "path") KG.scene.fit(null, false);
    else if (KG.selection && KG.selection.node !== undefined) KG.scene.reveal(KG.selection.node);
    else if (untouched) KG.scene.fit(null, false);
  });

  KG.setLanguage(KG.lang);
  KG.readAddress();
  if (KG.scene.weak) KG.toast(KG.t("no_webgl"));
  /* Ready: drawn once, and shown. */
  requestAnimationFrame(() => requestAnimationFrame(() => {
    performance.mark("kg-ready");
    document.body.dataset.ready = "true";
  }));
})();
