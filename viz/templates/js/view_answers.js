/* A proposal: its suggestions, and beside each what the replies say to it. */
(() => {
  const { h } = KG;
  const sheets = KG.boards.answers;
  KG.sheet = 0; // which proposal
  const STATES = {
    answered: ["good", "good_paper"], refused: ["maybe", "maybe_paper"], heading: ["good", "tag"], may: ["maybe", "maybe_paper"],
    none: ["warn", "warn_paper"], below: ["soft", "tag"], unheard: ["soft", "tag"],
  };
  const COUNTED = ["answered", "heading", "may", "none"]; // always said, also when there is none
  KG.openSheet = (n) => { KG.sheet = n; KG.emit("sheet"); };
  KG.sheetOf = (proposal) => sheets.findIndex((sheet) => sheet.proposal === proposal);

  const picked = () => sheets.length > 1;

  const state = (name) => ({ text: KG.t(`state_${name}`), colour: STATES[name][0], paper: STATES[name][1] });
  const refuses = (i) => KG.nodes[i].facts.some((fact) => fact.label === "outcome");
  const told = (edge) => KG.t(edge.predicate !== "respondsTo" ? "state_may" : refuses(edge.from) ? "state_refused" : "state_answered");
  const answering = (edge) => KG.nodes[edge.from];
  /* The reply that a part stands in, and who wrote it. */
  const reply = (i) => {
    let at = i;
    for (let n = 0; n < 9; n += 1) {
      const up = KG.nodes[at].edges.find((edge) => edge.predicate === "partOf" && edge.from === at);
      if (!up) break;
      at = up.to;
    }
    return at;
  };
  const by = (i) => {
    const document_ = reply(i);
    const issued = KG.nodes[document_].edges.find((edge) => edge.predicate === "issuedBy" && edge.from === document_);
    return issued ? KG.nodes[issued.to].label : document_ === i ? "" : KG.nodes[document_].short;
  };
  /* The parts of a part: what it says in detail. */
  const details = (i) => KG.nodes[i].edges.filter((edge) => edge.predicate === "partOf" && edge.to === i && KG.nodeOn(edge.from)).map((edge) => KG.nodes[edge.from]);
  const DETAILS = 4;
  const lines = (i) => {
    const all = details(i);
    return [...all.slice(0, DETAILS).map((part) => ({ text: `– ${part.label}` })), ...(all.length > DETAILS ? [{ text: KG.t("more", { n: all.length - DETAILS }) }] : [])];
  };
  const shown = () => {
    const sheet = sheets[KG.sheet];
    return sheet && {
      ...sheet,
      rows: sheet.rows.filter(([i]) => KG.nodeOn(i)).map(([i, depth, state_, edges, heads]) => [i, depth, state_, edges.map((n) => KG.edges[n]).filter((edge) => KG.edgeOn(edge) && KG.nodeOn(edge.from)), heads]),
      hidden: sheet.hidden.map((n) => KG.edges[n]).filter((edge) => KG.nodeOn(edge.to)),
      silent: sheet.silent.map((n) => KG.edges[n]).filter((edge) => KG.nodeOn(edge.to)),
      /* Parts that stand within one that is shown need no card of their own. */
      loose: sheet.loose.filter((i) => KG.nodeOn(i) && !KG.nodes[i].edges.some((edge) => edge.predicate === "partOf" && edge.from === i && KG.nodes[edge.to].kind === KG.nodes[i].kind)),
    };
  };

  const draw = (board) => {
    const sheet = shown();
    if (!sheet) return;
    board.topic = sheet.proposal;
    const margin = board.narrow ? 14 : 24;
    /* Of suggestions with others below them only those are counted. */
    const leaves = sheet.rows.filter((row) => !row[4]);
    const count = (name) => leaves.filter((row) => row[2] === name).length;
    const asked = leaves.length;
    const named = !board.alone && (picked() || KG.nodes[sheet.proposal].label === KG.title);
    /* Without a reply nothing is called unanswered, and so there is nothing to explain. */
    const about = !sheet.rows.length ? "answers_no_suggestions" : count("unheard") ? null : board.narrow ? "about_answers_narrow" : "about_answers";
    let y = KG.boardHead(board, named ? null : KG.nodes[sheet.proposal].label, about ? [KG.t(about)] : []);
    if (sheet.rows.length) {
      const states = count("unheard") ? ["unheard"] : COUNTED.flatMap((name) => (name === "answered" && count("refused") ? [name, "refused"] : [name]));
      y = board.tags(margin, y - 8, KG.t("answers_count", { n: asked }), states.map((name) => ({ ...state(name), text: `${KG.t(`state_${name}`)} ${count(name)}` }))) + 14;
    }
    /* The replies. */
    const w = board.narrow ? board.width - 2 * margin : Math.min(330, (board.width - 2 * margin - 24) / 3);
    const each = board.narrow ? 1 : Math.max(1, Math.floor((board.width - 2 * margin + 12) / (w + 12)));
    for (let at = 0; at < sheet.replies.length; at += each) {
      const boxes = sheet.replies.slice(at, at + each).map((i, c) => board.card(margin + c * (w + 12), y, w, { node: i, size: 12.5 }));
      y += Math.max(...boxes.map((box) => box.h)) + 10;
    }
    if (!sheet.replies.some((i) => KG.nodes[i].kind === "LeadReply")) {
      /* What is known of it (not published, not readable), else what may be said of any. */
      const known = KG.nodes[sheet.proposal].facts.filter((fact) => ["replyState", "unreadFile"].includes(fact.label));
      const words = known.map((fact) => `${KG.factName(fact)}${KG.lang === "zh" ? "：" : ": "}${KG.factValue(fact)}`).join(KG.lang === "zh" ? "；" : "; ");
      y = board.text(margin, y, words || KG.t("answers_no_reply"), { size: 12.5, colour: "soft", limit: board.width - 2 * margin });
    }
    /* Agencies in charge of which these sources have no reply or opinion. */
    if (sheet.silent.length) {
      const names = sheet.silent.map((edge) => `${KG.nodes[edge.to].label}${KG.lang === "zh" ? "（" : " ("}${KG.t(edge.predicate === "leadAgency" ? "answers_lead" : "answers_co")}${KG.lang === "zh" ? "）" : ")"}`);
      y = board.text(margin, y + 6, KG.t("answers_silent", { names: names.join(KG.lang === "zh" ? "、" : ", ") }), { size: 12.5, colour: "warn", limit: board.width - 2 * margin });
    }
    /* Agencies whose opinion is not published, as a source says. */
    if (sheet.hidden.length) {
      const names = sheet.hidden.map((edge) => KG.nodes[edge.to].label);
      y = board.text(margin, y + 6, KG.t("answers_hidden", { names: names.join(KG.lang === "zh" ? "、" : ", ") }), { size: 12.5, colour: "soft", limit: board.width - 2 * margin });
    }
    y += 14;
    const left = board.narrow ? board.width - 2 * margin : (board.width - 2 * margin) * 0.4;
    const x2 = board.narrow ? margin + 26 : margin + left + 56;
    const right = board.width - margin - x2;
    if (sheet.rows.length && !board.narrow) {
      board.text(margin, y, KG.t("answers_asked"), { size: 12.5, weight: 600, colour: "soft" });
      board.text(x2, y, KG.t("answers_answered"), { size: 12.5, weight: 600, colour: "soft" });
      y += 26;
    }
    for (const [i, depth, name, edges] of sheet.rows) {
      const indent = Math.min(depth, 3) * (board.narrow ? 14 : 22);
      const number = KG.nodes[i].facts.find((fact) => fact.label === "number");
      const box = board.card(margin + indent, y, left - indent, {
        node: i, name: `${number ? `${number.value} ` : ""}${KG.nodes[i].label}`, tag: name === "below" ? null : state(name), dashed: ["heading", "none", "unheard"].includes(name),
      });
      let at = board.narrow ? y + box.h + 6 : y;
      const seen = new Set();
      for (const edge of edges) {
        const part = answering(edge);
        if (seen.has(part.id)) continue;
        seen.add(part.id);
        const sure = edge.predicate === "respondsTo";
        const card = board.card(x2, at, right, {
          node: part.id, lines: lines(part.id),
          note: [KG.kindName(part.kind), by(part.id), sure ? (refuses(part.id) ? KG.t("state_refused") : "") : KG.t("state_may"), edge.confidence === null || sure ? "" : KG.t("confidence", { n: Math.round(edge.confidence * 100) })].filter(Boolean).join(" · "),
        });
        const d = board.narrow ? `M${margin + 10},${y + box.h}V${card.y + 18}H${card.x}` : KG.curve(box, card);
        board.link(i, part.id, d, { selection: { pair: KG.scene.pairBetween(i, part.id) }, colour: sure && !refuses(part.id) ? "good" : "maybe", width: 1.6, dash: sure ? null : "4 4" });
        at += card.h + 8;
      }
      y = Math.max(y + box.h + 10, at + (board.narrow ? 6 : 4));
    }
    if (!sheet.loose.length) return;
    y = board.text(margin, y + 18, KG.t("answers_loose", { n: sheet.loose.length }), { size: 13.5, weight: 600, limit: board.width - 2 * margin }) + 8;
    const columns = board.narrow ? 1 : board.width > 1100 ? 3 : 2;
    const wide = (board.width - 2 * margin - (columns - 1) * 12) / columns;
    for (let at = 0; at < sheet.loose.length; at += columns) {
      const boxes = sheet.loose.slice(at, at + columns).map((i, c) => board.card(margin + c * (wide + 12), y, wide, { node: i, size: 12.5, lines: lines(i), note: [KG.kindName(KG.nodes[i].kind), by(i)].filter(Boolean).join(" · ") }));
      y += Math.max(...boxes.map((box) => box.h)) + 10;
    }
  };

  KG.boardViews.answers = {
    draw,
    /* The name is the heading of the view, and opens the list of all. The heading of the page is not said again. */
    chooser: () => (!picked() ? [] : [h("label", { class: "which" }, h("span", {}, KG.t("answers_which", { n: KG.sheet + 1, total: sheets.length })),
      KG.nodes[sheets[KG.sheet].proposal].label === KG.title ? null : h("b", {}, KG.nodes[sheets[KG.sheet].proposal].label),
      h("select", { id: "which", onchange: (event) => { KG.select(null); KG.openSheet(Number(event.target.value)); } },
        sheets.map((sheet, n) => h("option", { value: n, selected: n === KG.sheet }, KG.nodes[sheet.proposal].label))))]),
    table() {
      const sheet = shown();
      return {
        head: ["answers_asked", "col_state", "answers_answered", "col_agency", "quote", "col_source"],
        rows: !sheet ? [] : [
          ...sheet.rows.flatMap(([i, , name, edges]) => (edges.length
            ? edges.map((edge) => KG.rowOf([i, told(edge), edge.from, by(edge.from)], edge.quotes))
            : [KG.rowOf([i, KG.t(`state_${name}`), "", ""], KG.nodes[i].quotes.slice(0, 1))])),
          ...sheet.silent.map((edge) => KG.rowOf(["", KG.t("state_silent"), "", KG.nodes[edge.to].label], edge.quotes)),
          ...sheet.hidden.map((edge) => KG.rowOf(["", KG.t("state_hidden"), "", KG.nodes[edge.to].label], edge.quotes)),
          ...sheet.loose.map((i) => KG.rowOf(["", KG.t("state_loose"), i, by(i)], KG.nodes[i].quotes.slice(0, 1))),
        ],
      };
    },
  };
})();
