/* The desk: takes files one by one, has them read, and shows how far it is. */
(() => {
  const desk = document.getElementById("desk");
  const [drop, progress, doing, bar, faults, stop] = ["drop", "progress", "doing", "bar", "faults", "stop"].map((id) => document.getElementById(id));
  const words = desk.dataset;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const send = async (path, options = {}) => {
    const response = await fetch(path, { method: "POST", ...options, headers: { "X-KG-Desk": words.token, ...options.headers } });
    const data = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(data.error || response.statusText);
    return data;
  };
  const complain = (text) => {
    const line = document.createElement("p");
    line.className = "warn";
    line.textContent = text;
    faults.append(line);
  };
  const show = (text, value) => {
    progress.hidden = false;
    doing.textContent = text;
    if (value === undefined) bar.removeAttribute("value"); else bar.value = value;
  };

  let busy = false;
  const watch = async () => {
    busy = true;
    stop.hidden = false;
    for (;;) {
      let state;
      try {
        state = await (await fetch("/desk/status")).json();
      } catch {
        complain(words.broken);
        break;
      }
      if (!state.running) {
        if (!state.error && !state.stopped) { location.reload(); return; }
        complain(state.error || words.stopped);
        break;
      }
      if (!state.total) show(words.starting);
      else if (state.done >= state.total) show(words.ending, 1);
      else show(fill(words.reading, { done: state.done, total: state.total, name: state.source }), state.done / state.total);
      await new Promise((done) => { setTimeout(done, 400); });
    }
    progress.hidden = true;
    busy = false;
  };
  const start = async (path, body) => {
    if (busy) return;
    faults.replaceChildren();
    try {
      await send(path, { body: JSON.stringify(body || {}) });
      await watch();
    } catch (error) {
      complain(error.message);
    }
  };

  const take = async (files) => {
    if (busy || !files.length) return;
    busy = true;
    faults.replaceChildren();
    stop.hidden = true;
    let taken = 0;
    let hidden = 0;
    try {
      const { change } = await send("/desk/change");
      for (const [i, [name, file]] of files.entries()) {
        show(fill(words.taking, { n: i + 1, total: files.length, name }), i / files.length);
        try {
          const address = `/desk/files?${new URLSearchParams({ name, change })}`;
          const { happened } = await send(address, { method: "PUT", body: file });
          if (happened === "hidden") hidden += 1; else taken += 1;
        } catch (error) {
          complain(fill(words.failed, { name, why: error.message }));
        }
      }
      if (hidden) complain(fill(words.hidden, { n: hidden }));
    } catch (error) {
      complain(error.message);
    }
    busy = false;
    progress.hidden = true;
    if (taken) {
      const said = [...faults.children];
      await start("/desk/build");
      faults.prepend(...said);
    }
  };

  /* All files below a dropped folder, with their paths. */
  const walk = async (entry, path = "") => {
    if (entry.isFile) {
      const file = await new Promise((done, fail) => { entry.file(done, fail); });
      return [[path + entry.name, file]];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((done, fail) => { reader.readEntries(done, fail); });
      if (!some.length) return found;
      for (const one of some) found.push(...await walk(one, `${path}${entry.name}/`));
    }
  };
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const entries = items.map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null));
    if (entries.every(Boolean)) take((await Promise.all(entries.map((entry) => walk(entry)))).flat());
    else take([...event.dataTransfer.files].map((file) => [file.name, file]));
  });
  for (const [button, input] of [["choose", "files"], ["choose-folder", "folder"]]) {
    const field = document.getElementById(input);
    document.getElementById(button).addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
      take([...field.files].map((file) => [file.webkitRelativePath || file.name, file]));
      field.value = "";
    });
  }

  stop.addEventListener("click", () => send("/desk/stop").catch((error) => complain(error.message)));
  document.getElementById("build")?.addEventListener("click", () => start("/desk/build"));
  document.getElementById("undo")?.addEventListener("click", () => start("/desk/undo"));
  for (const button of document.querySelectorAll(".remove")) {
    button.addEventListener("click", () => {
      if (window.confirm(`${button.dataset.name}\n${words.sure}`)) start("/desk/remove", { names: [button.dataset.name] });
    });
  }
  fetch("/desk/status").then((response) => response.json()).then((state) => { if (state.running) watch(); }).catch(() => {});
})();
