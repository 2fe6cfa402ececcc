/* A short card beside the pointer: what it is, its most telling facts, how much more there is. */
(() => {
  const { h } = KG;
  const card = KG.$("card");
  const stage = KG.$("view");
  const coarse = window.matchMedia("(hover: none)");
  let pointer = { x: 0, y: 0 };
  let waiting = 0;
  const FACTS = 3;

  KG.badgeElement = (figure) => {
    const { bound, amount, more } = KG.badge(figure);
    return h("span", { class: "badge", "data-bound": figure.bound }, bound ? h("i", {}, bound) : null, h("b", {}, amount), more.map((part) => h("small", {}, part)));
  };

  const place = () => {
    const [w, height] = [card.offsetWidth, card.offsetHeight];
    const x = pointer.x + 16 + w > stage.clientWidth ? pointer.x - w - 14 : pointer.x + 16;
    const y = Math.min(pointer.y + 14, stage.clientHeight - height - 8);
    card.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
  };
  const show = (i) => {
    const node = KG.nodes[i];
    const figures = node.facts.filter((fact) => fact.figure);
    const facts = [...figures.filter((fact) => fact.kind === "Provision"), ...figures.filter((fact) => fact.kind !== "Provision"), ...node.facts.filter((fact) => !fact.kind && fact.label !== "text")];
    card.replaceChildren(
      h("p", { class: "kind" }, KG.icon(node.kind), KG.kindName(node.kind)),
      h("h4", {}, node.label),
      ...facts.slice(0, FACTS).map((fact) => h("p", { class: "line" }, h("span", {}, KG.factName(fact)), fact.figure ? KG.badgeElement(fact.figure) : h("span", {}, KG.factValue(fact)))),
      h("p", { class: "counts" }, KG.t("card_counts", { edges: KG.number(node.edges.length), facts: KG.number(node.facts.length) })),
    );
    card.hidden = false;
    place();
  };
  KG.hover = (i) => {
    clearTimeout(waiting);
    card.hidden = true;
    if (i !== null && !coarse.matches) waiting = setTimeout(() => show(i), 180);
  };
  stage.addEventListener("pointermove", (event) => {
    const rect = stage.getBoundingClientRect();
    pointer = { x: event.clientX - rect.left, y: event.clientY - rect.top };
    if (!card.hidden) place();
    if (event.target.closest("#board")) {
      const item = event.target.closest("[data-node]");
      const i = item ? Number(item.dataset.node) : null;
      if (i !== over) { over = i; KG.hover(i); }
    }
  });
  let over = null;
  stage.addEventListener("pointerleave", () => { over = null; KG.hover(null); });
  stage.addEventListener("pointerdown", () => KG.hover(null));
  stage.addEventListener("wheel", () => KG.hover(null), { passive: true });
  KG.scene.on("over", KG.hover);
})();
