/* The editor: runs a query at the endpoint, shows rows as a table and graphs as Turtle. The query is in the address. */
(() => {
  const form = document.getElementById("editor");
  const area = document.getElementById("query");
  const status = document.getElementById("status");
  const result = document.getElementById("result");
  const [run, stop, csv] = ["run", "stop", "csv"].map((id) => document.getElementById(id));
  let running = null;

  const fromAddress = () => {
    const found = /^#query=(.*)$/s.exec(location.hash);
    if (found) try { area.value = decodeURIComponent(found[1]); } catch { /* a broken address */ }
  };
  fromAddress();
  window.addEventListener("hashchange", fromAddress);

  const ask = (accept, signal) => fetch("/sparql", {
    method: "POST", body: area.value, signal, headers: { "Content-Type": "application/sparql-query", Accept: accept },
  });
  const cell = (term) => {
    const box = document.createElement("td");
    if (term && term.type === "uri") {
      const link = document.createElement("a");
      link.href = `/thing?iri=${encodeURIComponent(term.value)}`;
      link.textContent = term.value.replace(/^https:\/\/w3id\.org\/proposal-kg\/ns#/, "pk:");
      box.append(link);
    } else if (term) box.textContent = term.type === "triple" ? JSON.stringify(term.value) : term.value;
    return box;
  };
  const table = (data) => {
    const drawn = document.createElement("table");
    drawn.className = "list";
    const head = drawn.createTHead().insertRow();
    for (const name of data.head.vars) {
      const title = document.createElement("th");
      title.textContent = name;
      head.append(title);
    }
    const body = drawn.createTBody();
    for (const binding of data.results.bindings.slice(0, 2000)) {
      body.insertRow().append(...data.head.vars.map((name) => {
        const box = cell(binding[name]);
        box.dataset.label = name;
        return box;
      }));
    }
    return drawn;
  };
  const show = async (response) => {
    const type = response.headers.get("Content-Type") || "";
    if (!response.ok) {
      const lines = (await response.text()).trim().split("\n");
      status.textContent = form.dataset.failed;
      const message = document.createElement("p");
      message.className = "warn";
      message.textContent = document.documentElement.lang.startsWith("zh") ? lines.at(-1) : lines[0];
      result.replaceChildren(message);
    } else if (type.includes("sparql-results+json")) {
      const data = await response.json();
      if ("boolean" in data) {
        status.textContent = data.boolean ? form.dataset.true : form.dataset.false;
        result.replaceChildren();
      } else {
        status.textContent = form.dataset.rows.replace("{n}", data.results.bindings.length);
        result.replaceChildren(table(data));
        csv.disabled = false;
      }
    } else {
      const text = document.createElement("pre");
      text.textContent = await response.text();
      status.textContent = "";
      result.replaceChildren(text);
    }
  };
  const start = async () => {
    if (running) return;
    running = new AbortController();
    run.disabled = true;
    stop.disabled = false;
    csv.disabled = true;
    status.textContent = form.dataset.running;
    history.replaceState(null, "", `#query=${encodeURIComponent(area.value)}`);
    try {
      await show(await ask("application/sparql-results+json, text/turtle;q=0.9", running.signal));
    } catch (error) {
      status.textContent = error.name === "AbortError" ? "" : form.dataset.failed;
    }
    running = null;
    run.disabled = false;
    stop.disabled = true;
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); start(); });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); start(); }
  });
  stop.addEventListener("click", () => running && running.abort());
  csv.addEventListener("click", async () => {
    const response = await ask("text/csv");
    if (!response.ok) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", await response.blob()], { type: "text/csv" }));
    link.download = "query.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  document.getElementById("templates").addEventListener("change", (event) => {
    if (event.target.value) area.value = event.target.value;
  });
})();
