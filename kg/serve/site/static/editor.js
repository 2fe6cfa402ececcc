/* The editor: Yasqe in the place of the plain field, completion from the ontology, results in several views.
   The query is in the address. */
(() => {
  const form = document.getElementById("editor");
  const area = document.getElementById("query");
  const status = document.getElementById("status");
  const result = document.getElementById("result");
  const views = document.getElementById("views");
  const [run, stop, csv] = ["run", "stop", "csv"].map((id) => document.getElementById(id));
  const words = form.dataset;
  let running = null;
  let spaces = {};

  /* completion */
  const register = (terms) => {
    const names = new Map([...terms.classes, ...terms.properties]);
    const short = (iri) => {
      const known = Object.entries(terms.prefixes).find(([, space]) => iri.startsWith(space));
      return known ? `${known[0]}:${iri.slice(known[1].length)}` : iri;
    };
    const byShort = new Map([...names].map(([iri, label]) => [short(iri), label]));
    for (const [iri, label] of names) if (label) KGResults.names.set(iri, label);
    spaces = terms.prefixes;
    // both completers of Yasqe hold a place behind "a …;" for theirs, and the second one shuts the list of the first
    const base = { ...Yasqe.Autocompleters };
    const before = (yasqe) => yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, yasqe.getCompleteToken()).string;
    const isClass = (yasqe) => !/^[;.,{}]$/.test(before(yasqe)) && base.class.isValidCompletionPosition(yasqe);
    const isProperty = (yasqe) => !isClass(yasqe)
      && (base.property.isValidCompletionPosition(yasqe) || (before(yasqe) === ";" && /^[a-z]/i.test(yasqe.getCompleteToken().string)));
    const valid = { class: isClass, property: isProperty };
    const complete = (name, list) => Yasqe.forkAutocompleter(name, {
      name: `kg-${name}`, bulk: true, autoShow: true, persistenceId: null, isValidCompletionPosition: valid[name],
      get: () => list.map(([iri]) => iri),
      postprocessHints: (_, hints) => hints.map((hint) => {
        const label = byShort.get(hint.text) || names.get(hint.text.replace(/^<|>$/g, ""));
        return label ? { ...hint, displayText: `${hint.text}  ${label}` } : hint;
      }),
    }, false);
    complete("class", terms.classes);
    complete("property", terms.properties);
    Yasqe.forkAutocompleter("prefixes", {
      name: "kg-prefixes", persistenceId: null, onInitialize: () => {}, // known prefixes need no declaration
      get: () => Object.entries(terms.prefixes).map(([prefix, space]) => `${prefix}: <${space}>`),
    }, false);
    return ["kg-prefixes", "kg-class", "kg-property", "variables"];
  };

  let editor = null;
  const read = () => (editor ? editor.getValue() : area.value);
  const write = (text) => { area.value = text; if (editor) editor.setValue(text); };
  const fromAddress = () => {
    const found = /^#query=(.*)$/s.exec(location.hash);
    if (found) try { write(decodeURIComponent(found[1])); } catch { /* a broken address */ }
  };

  const ask = (accept, signal) => fetch("/sparql", {
    method: "POST", body: read(), signal, headers: { "Content-Type": "application/sparql-query", Accept: accept },
  });

  /* views of a result */
  const offer = (made) => {
    views.replaceChildren(...made.map(([name, draw], i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.dataset.view = name;
      button.textContent = words[name];
      button.addEventListener("click", async () => {
        for (const other of views.children) other.setAttribute("aria-pressed", String(other === button));
        result.replaceChildren(await draw());
      });
      button.setAttribute("aria-pressed", String(i === 0));
      return button;
    }));
    views.hidden = made.length < 2;
    views.firstElementChild?.click();
  };
  const showRows = (data) => {
    status.textContent = words.rows.replace("{n}", data.results.bindings.length);
    csv.disabled = false;
    const made = [["table", () => KGResults.drawTable(data)]];
    if (KGResults.findColumns(data)) made.push(["chart", () => KGResults.drawChart(data)]);
    const ties = KGResults.findTies(KGResults.readRows(data));
    if (ties.length) made.push(["graph", () => KGResults.drawGraph(ties)]);
    made.push(["text", () => KGResults.drawText(JSON.stringify(data, null, 1))]);
    offer(made);
  };
  const showGraph = (text) => {
    const triples = KGResults.readTriples(text);
    status.textContent = words.triples.replace("{n}", triples.length);
    const turtle = async () => {
      const response = await ask("text/turtle");
      return KGResults.drawText(await response.text());
    };
    const made = [["text", turtle]];
    if (KGResults.findTies(triples).length) made.unshift(["graph", () => KGResults.drawGraph(triples)]);
    offer(made);
  };
  const show = async (response) => {
    const type = response.headers.get("Content-Type") || "";
    if (!response.ok) {
      const lines = (await response.text()).trim().split("\n");
      status.textContent = words.failed;
      const message = document.createElement("p");
      message.className = "warn";
      message.textContent = document.documentElement.lang.startsWith("zh") ? lines.at(-1) : lines[0];
      result.replaceChildren(message);
    } else if (type.includes("sparql-results+json")) {
      const data = await response.json();
      if ("boolean" in data) {
        status.textContent = data.boolean ? words.true : words.false;
        result.replaceChildren();
      } else showRows(data);
    } else showGraph(await response.text());
  };
  const start = async () => {
    if (running) return;
    running = new AbortController();
    run.disabled = true;
    stop.disabled = false;
    csv.disabled = true;
    views.hidden = true;
    status.textContent = words.running;
    history.replaceState(null, "", `#query=${encodeURIComponent(read())}`);
    try {
      await show(await ask("application/sparql-results+json, application/n-triples;q=0.9", running.signal));
    } catch (error) {
      status.textContent = error.name === "AbortError" ? "" : words.failed;
    }
    running = null;
    run.disabled = false;
    stop.disabled = true;
  };

  const build = (completers) => {
    Yasqe.defaults.autocompleters = [];
    const declared = Yasqe.prototype.getPrefixesFromQuery;
    Yasqe.prototype.getPrefixesFromQuery = function find() { return { ...spaces, ...declared.call(this) }; };
    editor = new Yasqe(document.getElementById("yasqe"), {
      value: area.value, persistenceId: null, consumeShareLink: null, createShareableLink: null, showQueryButton: false,
      autocompleters: completers, highlightSelectionMatches: false, resizeable: false, editorHeight: "auto", screenReaderLabel: words.query,
      extraKeys: {
        ...Yasqe.defaults.extraKeys, Tab: false, "Shift-Tab": false, "Ctrl-S": false, "Ctrl-Enter": start, "Cmd-Enter": start,
      },
    });
    const mode = editor.getMode(), begin = mode.startState; // the mode takes a prefix without declaration for a fault
    mode.startState = (...given) => ({ ...begin(...given), prefixes: { ...spaces } });
    editor.setValue(area.value);
    document.getElementById("yasqe").editor = editor;
    editor.on("change", () => { area.value = editor.getValue(); });
    area.closest("label").hidden = true;
    form.dataset.ready = "";
  };

  fromAddress();
  window.addEventListener("hashchange", fromAddress);
  if (typeof Yasqe !== "undefined") {
    fetch("/editor/terms").then((response) => response.json()).then(register)
      .catch(() => []).then(build);
  }
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
    if (event.target.value) write(event.target.value);
  });
})();
