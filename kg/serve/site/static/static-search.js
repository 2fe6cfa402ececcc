/* The search of a site of plain files: names, their sound, and words of texts, with facets. */
(() => {
  const { rows, classes, facets: titles, line } = window.KG_INDEX;
  const words = document.getElementById("search").dataset;
  const given = new URLSearchParams(location.search);
  const query = (given.get("q") || "").trim();
  document.getElementById("q").value = query;
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s“”‘’"'《》〈〉「」（）()·—－-]/gu, "");
  const terms = query.split(/\s+/).map(fold).filter(Boolean);
  const letters = /^[a-z']{2,40}$/i.test(query.replace(/\s/g, "")) ? query.toLowerCase().replace(/[\s']/g, "") : "";
  const key = fold(query);
  const PAGE = 20;

  const rate = ([, kind, label, others, , body]) => {
    if (!terms.length) return kind === line ? 0 : 1;
    let best = 0;
    for (const name of [label, ...others]) {
      const folded = fold(name);
      if (folded === key) best = Math.max(best, 9);
      else if (key && folded.includes(key)) best = Math.max(best, 6 + key.length / folded.length);
      else if (letters && KG.soundsLike(name, letters)) best = Math.max(best, 5);
      else if (letters && KG.soundsThrough(name, letters)) best = Math.max(best, 4);
    }
    if (best) return best;
    const text = fold(label + body);
    return terms.every((term) => text.includes(term)) ? 2 : 0;
  };
  const valuesOf = (row, name) => (name === "class" ? [row[1]] : row[4][name] || []);
  const chosen = Object.keys(titles).filter((name) => given.get(name));
  const found = rows.map((row, i) => [rate(row), i]).filter(([score, i]) => score
    && chosen.every((name) => valuesOf(rows[i], name).includes(given.get(name))));
  found.sort((a, b) => b[0] - a[0] || a[1] - b[1]);

  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const link = (changes) => {
    const next = new URLSearchParams(given);
    if (!("page" in changes)) next.delete("page");
    for (const [name, value] of Object.entries(changes)) { if (value) next.set(name, value); else next.delete(name); }
    return `?${next}`;
  };
  const say = (name, value) => (name === "class" ? classes[value] || value : value);

  const box = document.getElementById("facets");
  for (const [name, title] of Object.entries(titles)) {
    const counts = new Map();
    for (const [, i] of found) for (const value of valuesOf(rows[i], name)) counts.set(value, (counts.get(value) || 0) + 1);
    if (!counts.size && !given.get(name)) continue;
    const section = make("section");
    const list = make("ul");
    if (given.get(name)) {
      const item = make("li", "", { class: "on" });
      item.append(make("a", `${say(name, given.get(name))} ×`, { href: link({ [name]: "" }), title: words.remove }));
      list.append(item);
    } else {
      const order = [...counts].sort((a, b) => (name === "year" ? (a[0] < b[0] ? 1 : -1) : b[1] - a[1]));
      for (const [value, n] of order.slice(0, 12)) {
        const item = make("li");
        item.append(make("a", say(name, value), { href: link({ [name]: value }) }), make("small", String(n)));
        list.append(item);
      }
    }
    section.append(make("h3", title), list);
    box.append(section);
  }

  const mark = (text) => {
    const shown = make("p");
    const at = terms.length ? text.indexOf(query.split(/\s+/)[0]) : -1;
    const from = Math.max(0, at - 30);
    const end = at + query.split(/\s+/)[0].length;
    if (at < 0) shown.textContent = text.slice(0, 120);
    else shown.append((from ? "…" : "") + text.slice(from, at), make("mark", text.slice(at, end)), text.slice(end, end + 90));
    return shown;
  };
  const number = Math.max(1, Number(given.get("page")) || 1);
  for (const [, i] of found.slice((number - 1) * PAGE, number * PAGE)) {
    const [address, kind, label, , , body, source] = rows[i];
    const item = make("li");
    const inner = make("div");
    inner.append(make("a", label || source, { href: address }), make("small", `${classes[kind] || kind}${source ? ` · ${source}` : ""}`));
    if (body) inner.append(mark(body));
    item.append(inner);
    document.getElementById("hits").append(item);
  }
  const heading = query ? words.results.replace("{words}", query) : chosen.map((name) => say(name, given.get(name))).join(" · ");
  document.getElementById("heading").textContent = heading || words.all;
  document.title = heading || words.all;
  document.getElementById("count").textContent = found.length ? words.count.replace("{n}", found.length) : words.none;
  const pages = Math.ceil(found.length / PAGE);
  const pager = document.getElementById("pager");
  if (number > 1) pager.append(make("a", words.before, { href: link({ page: number - 1 }) }));
  if (pages > 1) pager.append(make("span", `${number} / ${pages}`));
  if (number < pages) pager.append(make("a", words.after, { href: link({ page: number + 1 }) }));
})();
