/* Suggestions while somebody types, and the switch between light and dark. All pages work without it. */
(() => {
  const root = document.documentElement;
  document.getElementById("scheme").addEventListener("click", () => {
    const dark = root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.scheme = dark ? "light" : "dark";
    try { localStorage.setItem("kg-scheme", root.dataset.scheme); } catch { /* no storage */ }
  });

  for (const fold of document.querySelectorAll("details.fold")) fold.open = !matchMedia("(max-width: 760px)").matches;

  const input = document.getElementById("q");
  if (document.documentElement.dataset.static !== undefined) return; // a site of plain files has no suggestions
  const list = document.getElementById("names");
  let asked = 0;
  let at = -1;
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const show = (found) => {
    list.replaceChildren(...found.map((one, i) => {
      const item = document.createElement("li");
      item.id = `name-${i}`;
      item.setAttribute("role", "option");
      item.dataset.address = one.address;
      const name = document.createElement("span");
      name.textContent = one.name;
      const kind = document.createElement("small");
      kind.textContent = one.class;
      item.append(name, kind);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); location.href = one.address; });
      return item;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    at = -1;
  };
  input.addEventListener("input", async () => {
    const number = ++asked;
    const words = input.value.trim();
    if (!words) { close(); return; }
    await new Promise((done) => { setTimeout(done, 120); });
    if (number !== asked) return;
    try {
      const response = await fetch(`/suggest?q=${encodeURIComponent(words)}`);
      const found = response.ok ? await response.json() : [];
      if (number === asked) show(found);
    } catch { close(); }
  });
  input.addEventListener("keydown", (event) => {
    const items = [...list.children];
    if (event.key === "Escape") close();
    if (list.hidden || !items.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + items.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % items.length;
      items.forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
      input.setAttribute("aria-activedescendant", items[at].id);
      items[at].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.href = items[at].dataset.address;
    }
  });
  input.addEventListener("blur", close);
})();
