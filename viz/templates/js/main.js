/* Start: words into the frame, buttons to their actions, the first view. */
(() => {
  const { h, $ } = KG;
  const languages = $("languages");

  const frame = () => {
    for (const element of document.querySelectorAll("[data-label]")) {
      const text = KG.t(element.dataset.label);
      element.setAttribute("aria-label", text);
      if (element.tagName === "BUTTON") element.title = text;
    }
    for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = KG.t(element.dataset.placeholder);
    $("query").title = KG.t("search_hint");
    languages.replaceChildren(...Object.entries(KG.languages).map(([code, name]) => h("button", {
      type: "button", "data-lang": code, lang: code, "aria-pressed": String(code === KG.lang), onclick: () => KG.setLanguage(code),
    }, code === "zh" ? name : code.toUpperCase())));
    KG.scene.redraw();
  };
  KG.on("language", frame);

  $("zoom-in").addEventListener("click", () => KG.scene.zoom(1.35));
  $("zoom-out").addEventListener("click", () => KG.scene.zoom(1 / 1.35));
  $("fit").addEventListener("click", () => KG.scene.fit());
  $("png").addEventListener("click", KG.download);

  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { $("query").focus(); event.preventDefault(); }
    else if (event.key === "Escape") {
      if (KG.selection) KG.select(null);
      else KG.back();
    } else if (event.key === "+" || event.key === "=") KG.scene.zoom(1.35);
    else if (event.key === "-") KG.scene.zoom(1 / 1.35);
    else if (event.key === "0") KG.scene.fit();
  });

  /* The window changes: what was in the middle stays there, and the first view is fitted again. */
  let untouched = true;
  for (const event of ["dragStart", "zoom", "click"]) KG.scene.network.on(event, () => { untouched = false; });
  KG.scene.network.on("resize", () => {
    if (untouched || KG.view.mode === "near") KG.scene.fit(undefined, false);
    else if (KG.selection && KG.selection.node !== undefined) KG.scene.reveal(KG.selection.node);
  });

  KG.update();
  KG.setLanguage(KG.lang);
  KG.scene.fit(undefined, false);
  if (KG.focus !== null) KG.select({ node: KG.focus });
  else KG.select(null);
  document.body.dataset.ready = "true";
})();
