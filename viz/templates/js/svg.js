/* A drawing context that writes SVG instead of painting: what picture.js and overlay.js say to a canvas, they can say to it. */
(() => {
  const { s } = KG;
  const n = (x) => Number(x.toFixed(2));

  KG.svgContext = (width, height) => {
    const root = s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
    let at = root;
    let path = "";
    let state = { fillStyle: "#000000", strokeStyle: "#000000", lineWidth: 1, font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", lineJoin: "miter", transform: "" };
    const stack = [];
    let clips = 0;
    /* #rrggbbaa as a colour and an opacity, which all programs read. */
    const paint = (name, colour) => (/^#[0-9a-f]{8}$/i.test(colour)
      ? { [name]: colour.slice(0, 7), [`${name}-opacity`]: n(parseInt(colour.slice(7), 16) / 255) } : { [name]: colour });
    const put = (tag, attributes, ...children) => at.append(s(tag, { transform: state.transform || null, ...attributes }, ...children));
    const move = (words) => { state.transform = `${state.transform} ${words}`.trim(); };
    const words = (text, x, y, attributes) => {
      const [, weight, size] = /^(\d+) ([\d.]+)px/.exec(state.font) || [null, 400, 12];
      const down = state.textBaseline === "middle" ? Number(size) * 0.36 : 0;
      put("text", {
        x: n(x), y: n(y + down), "font-size": size, "font-weight": weight, "font-family": KG.labels.family,
        "text-anchor": { center: "middle", right: "end", end: "end" }[state.textAlign] || "start", ...attributes,
      }, text);
    };
    const context = {
      records: true,
      element: root,
      measureText(text) { KG.labels.ctx.font = state.font; return KG.labels.ctx.measureText(text); },
      save() { stack.push([{ ...state }, at]); },
      restore() { [state, at] = stack.pop(); },
      translate(x, y) { move(`translate(${n(x)},${n(y)})`); },
      scale(x, y) { move(`scale(${n(x)},${n(y)})`); },
      beginPath() { path = ""; },
      moveTo(x, y) { path += `M${n(x)},${n(y)}`; },
      lineTo(x, y) { path += `L${n(x)},${n(y)}`; },
      closePath() { path += "Z"; },
      rect(x, y, w, h) { path += `M${n(x)},${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`; },
      roundRect(x, y, w, h) { context.rect(x, y, w, h); },
      arc(x, y, r) { path += `M${n(x - r)},${n(y)}a${n(r)},${n(r)} 0 1 0 ${n(2 * r)},0a${n(r)},${n(r)} 0 1 0 ${n(-2 * r)},0Z`; },
      ellipse(x, y, rx, ry) { path += `M${n(x - rx)},${n(y)}a${n(rx)},${n(ry)} 0 1 0 ${n(2 * rx)},0a${n(rx)},${n(ry)} 0 1 0 ${n(-2 * rx)},0Z`; },
      clip() {
        clips += 1;
        const id = `clip${clips}`;
        root.append(s("clipPath", { id }, s("path", { d: path, transform: state.transform || null })));
        const group = s("g", { "clip-path": `url(#${id})` });
        at.append(group);
        at = group;
      },
      fill(d = path) { put("path", { d, ...paint("fill", state.fillStyle) }); },
      stroke(d = path) { put("path", { d, fill: "none", ...paint("stroke", state.strokeStyle), "stroke-width": n(state.lineWidth), "stroke-linejoin": state.lineJoin }); },
      fillRect(x, y, w, h) { put("rect", { x: n(x), y: n(y), width: n(w), height: n(h), ...paint("fill", state.fillStyle) }); },
      fillText(text, x, y) { words(text, x, y, paint("fill", state.fillStyle)); },
      strokeText(text, x, y) { words(text, x, y, { fill: "none", ...paint("stroke", state.strokeStyle), "stroke-width": n(state.lineWidth), "stroke-linejoin": "round" }); },
    };
    for (const name of ["fillStyle", "strokeStyle", "lineWidth", "font", "textAlign", "textBaseline", "lineJoin"]) {
      Object.defineProperty(context, name, { get: () => state[name], set: (value) => { state[name] = value; } });
    }
    return context;
  };

  /* XML knows no control characters and no half characters. */
  KG.svgText = (element) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(element)}\n`
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
})();
