/* Search: by any name of a node, shown or not, by its number, by pinyin or initials; short forms such as 市科局 find 市科学技术局. */
(() => {
  const { h } = KG;
  const input = KG.$("query");
  const list = KG.$("suggestions");
  const clear = KG.$("clear");
  const MOST = 12;
  let found = [];
  let active = -1;

  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s《》〈〉「」『』“”‘’"'·•()[\]【】〔〕,，.。、:：\-—]/g, "");
  const OFFICES = new Set(["Agency", "Organization"]); // people know them by initials: jrj, gxj, fgw
  const MOST_SKIPPED = 8;
  const NUMBERS = new Set(["proposalNumber", "documentNumber"]);
  const names = KG.nodes.map((node) => [
    node.label, ...node.aliases, ...node.facts.filter((fact) => NUMBERS.has(fact.label)).map((fact) => fact.value),
  ].map((name) => ({ name, key: fold(name) })));

  const inOrder = (key, query) => {
    let at = -1;
    for (const c of query) {
      at = key.indexOf(c, at + 1);
      if (at < 0) return false;
    }
    return true;
  };
  const match = (key, query) => {
    if (key === query) return 0;
    if (key.startsWith(query)) return 1;
    if (key.includes(query)) return 2;
    return query.length > 1 && key.length <= query.length * 8 && inOrder(key, query) ? 3 : 9;
  };

  /* How well the letters are the sound of a name, and where in it, if they are one piece of it. */
  const matchSound = (node, name, letters) => {
    const at = KG.soundsLike(name, letters);
    if (at && !at[0] && at[1] === name.length) return { score: 1.2, at };
    const skipped = letters.length > 2 && OFFICES.has(node.kind) ? KG.skippedInitials(name, letters) : -1;
    if (skipped >= 0 && skipped <= MOST_SKIPPED) return { score: 1.7 + skipped * 0.06, at: null };
    if (at) return { score: at[0] ? 2.7 : 2.2, at };
    return { score: letters.length > 3 && name.length <= 24 && KG.soundsThrough(name, letters) ? 3.4 : 9, at: null };
  };

  KG.search = (text) => {
    const query = fold(text);
    if (!query) return [];
    const letters = /^[a-z']{2,}$/.test(query) ? query.replaceAll("'", "") : "";
    const hits = [];
    for (const node of KG.nodes) {
      let best = { score: 9 };
      names[node.id].forEach(({ name, key }, n) => {
        let score = match(key, query);
        let at = null;
        if (score === 9 && letters) {
          ({ score, at } = matchSound(node, name, letters));
        }
        /* Of names that hold what was typed, the one that holds little else. */
        if (score < 3) score += 0.4 * (1 - Math.min(1, (at ? at[1] - at[0] : query.length) / key.length));
        score += n ? 0.5 : 0;
        if (score < best.score) best = { score, name, node, alias: n > 0, at };
      });
      if (best.score < 9) hits.push(best);
    }
    return hits.sort((a, b) => a.score - b.score || a.node.rank - b.node.rank).slice(0, MOST);
  };

  /* The matched characters of a name, marked. */
  const marked = (name, query, sound) => {
    const at = sound ? sound[0] : name.toLowerCase().indexOf(query.toLowerCase());
    if (at < 0 || !query) return [name];
    const end = sound ? sound[1] : at + query.length;
    return [name.slice(0, at), h("b", {}, name.slice(at, end)), name.slice(end)];
  };

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  let taken = null;
  const take = (hit) => {
    taken = hit.node.id;
    input.value = hit.node.label;
    clear.hidden = false;
    close();
    input.blur();
    KG.open(hit.node.id);
  };
  const setActive = (n) => {
    active = n;
    [...list.children].forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === n));
      if (i === n) {
        input.setAttribute("aria-activedescendant", item.id);
        item.scrollIntoView({ block: "nearest" });
      }
    });
  };
  const suggest = () => {
    const query = input.value.trim();
    clear.hidden = !input.value;
    if (!query) { close(); return; }
    found = KG.search(query);
    list.replaceChildren(...(found.length ? found.map((hit, n) => h("li", {
      role: "option", id: `option-${n}`, "aria-selected": "false",
      onpointerdown: (event) => event.preventDefault(), onclick: () => take(hit),
    }, KG.icon(hit.node.kind), h("span", { class: "name" }, hit.alias ? hit.node.label : marked(hit.node.label, query, hit.at),
      hit.alias ? h("small", {}, KG.t("search_alias", { name: hit.name })) : null),
    h("small", { class: "kind" }, KG.kindName(hit.node.kind)))) : [h("li", { class: "none" }, KG.t("search_none", { q: query }))]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    active = -1;
    if (found.length) setActive(0);
  };

  input.addEventListener("input", suggest);
  input.addEventListener("focus", () => { if (input.value) { input.select(); suggest(); } });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method is at work
    if (event.key === "ArrowDown" && found.length) setActive((active + 1) % found.length);
    else if (event.key === "ArrowUp" && found.length) setActive((active - 1 + found.length) % found.length);
    else if (event.key === "Enter" && found[active] && !list.hidden) take(found[active]);
    else if (event.key === "Escape") { close(); input.blur(); } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  clear.addEventListener("click", () => { input.value = ""; suggest(); input.focus(); });
  KG.emptySearch = () => {
    taken = null;
    input.value = "";
    clear.hidden = true;
  };
  /* What was searched for is not what is shown any more. */
  KG.on("selected", () => {
    if (taken !== null && !(KG.selection && KG.selection.node === taken)) KG.emptySearch();
  });
  KG.on("language", () => { if (!list.hidden) suggest(); });
})();
