/* Drawn by sigma.js with WebGL: pages of more than a thousand nodes. Symbols come from a picture that holds each class once;
   labels, selection and hits are ours, as on the canvas, so that both renderers look and act alike. */
(() => {
  const SPAN = 2000; // so many units of the drawing are one of sigma's
  const REACH = 1.4; // a symbol's square reaches so many radii from its middle
  const CELL = 64; // pixels of a symbol in the picture
  const GRID = 128;
  const HEAVY = 3000; // lines: so many are painted over only when the drawing stands still
  const SETTLE = 140; // milliseconds without movement

  const works = () => {
    try {
      const canvas = document.createElement("canvas");
      return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
    } catch { return false; }
  };

  /* All classes side by side. */
  const atlas = (kinds) => {
    const canvas = document.createElement("canvas");
    canvas.width = 2 ** Math.ceil(Math.log2(Math.max(kinds.length, 1) * CELL));
    canvas.height = CELL;
    const ctx = canvas.getContext("2d");
    kinds.forEach((kind, n) => KG.paintSymbol(ctx, kind, (n + 0.5) * CELL, CELL / 2, CELL / 2 / REACH));
    return canvas;
  };

  const make = (scene) => {
    const { container } = scene;
    const kinds = [...new Set(KG.kinds)];
    const programs = new Set();
    const { NodeProgram, EdgeProgram } = Sigma.rendering;
    let moving = false;

    class Symbols extends NodeProgram {
      constructor(gl, picking, renderer) {
        super(gl, null, renderer); // what was hit we find out ourselves
        this.context = gl;
        this.texture = gl.createTexture();
        this.paint();
        programs.add(this);
      }

      paint() {
        const gl = this.context;
        gl.bindTexture(gl.TEXTURE_2D, this.texture);
        gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
        const picture = atlas(kinds);
        this.cells = picture.width / CELL;
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
        gl.generateMipmap(gl.TEXTURE_2D);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      }

      getDefinition() {
        return {
          VERTICES: 1,
          VERTEX_SHADER_SOURCE: `
            attribute vec2 a_position; attribute float a_size; attribute float a_kind;
            uniform mat3 u_matrix; uniform float u_sizeRatio; uniform float u_pixelRatio;
            varying float v_kind;
            void main() {
              gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
              gl_PointSize = max(a_size / u_sizeRatio * 2.0, 2.4) * ${REACH.toFixed(1)} * u_pixelRatio;
              v_kind = a_kind;
            }`,
          FRAGMENT_SHADER_SOURCE: `
            precision mediump float;
            uniform sampler2D u_atlas; uniform float u_cells; varying float v_kind;
            void main() { gl_FragColor = texture2D(u_atlas, vec2((v_kind + gl_PointCoord.x) / u_cells, gl_PointCoord.y)); }`,
          METHOD: WebGLRenderingContext.POINTS,
          UNIFORMS: ["u_sizeRatio", "u_pixelRatio", "u_matrix", "u_atlas", "u_cells"],
          ATTRIBUTES: [
            { name: "a_position", size: 2, type: WebGLRenderingContext.FLOAT },
            { name: "a_size", size: 1, type: WebGLRenderingContext.FLOAT },
            { name: "a_kind", size: 1, type: WebGLRenderingContext.FLOAT },
          ],
        };
      }

      processVisibleItem(_, at, data) {
        this.array[at] = data.x;
        this.array[at + 1] = data.y;
        this.array[at + 2] = data.size;
        this.array[at + 3] = data.symbol;
      }

      setUniforms({ sizeRatio, pixelRatio, matrix }, { gl, uniformLocations }) {
        gl.activeTexture(gl.TEXTURE0);
        gl.bindTexture(gl.TEXTURE_2D, this.texture);
        gl.uniform1i(uniformLocations.u_atlas, 0);
        gl.uniform1f(uniformLocations.u_cells, this.cells);
        gl.uniform1f(uniformLocations.u_pixelRatio, pixelRatio);
        gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
        gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
      }
    }
    /* Thin lines. While a large drawing moves, those from one community to another are left out: they are long, and without
       a graphics card each pixel takes its time. */
    class Lines extends EdgeProgram {
      constructor(gl, picking, renderer) { super(gl, null, renderer); }

      getDefinition() {
        return {
          VERTICES: 2,
          VERTEX_SHADER_SOURCE: `
            attribute vec2 a_position; attribute vec4 a_color; attribute float a_far;
            uniform mat3 u_matrix; uniform float u_moving;
            varying vec4 v_color;
            void main() {
              gl_Position = u_moving * a_far > 0.5 ? vec4(2, 2, 2, 1) : vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
              v_color = a_color;
              v_color.a *= 255.0 / 254.0;
            }`,
          FRAGMENT_SHADER_SOURCE: "precision mediump float; varying vec4 v_color; void main() { gl_FragColor = v_color; }",
          METHOD: WebGLRenderingContext.LINES,
          UNIFORMS: ["u_matrix", "u_moving"],
          ATTRIBUTES: [
            { name: "a_position", size: 2, type: WebGLRenderingContext.FLOAT },
            { name: "a_color", size: 4, type: WebGLRenderingContext.UNSIGNED_BYTE, normalized: true },
            { name: "a_far", size: 1, type: WebGLRenderingContext.FLOAT },
          ],
        };
      }

      processVisibleItem(_, start, source, target, data) {
        const colour = Sigma.utils.floatColor(data.color);
        let at = start;
        for (const { x, y } of [source, target]) {
          for (const value of [x, y, colour, data.far]) { this.array[at] = value; at += 1; }
        }
      }

      setUniforms({ matrix }, { gl, uniformLocations }) {
        gl.uniform1f(uniformLocations.u_moving, moving && scene.lines.length > 2 * HEAVY ? 1 : 0);
        gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
      }
    }

    const sigma = new Sigma(new graphology.Graph(), container, {
      allowInvalidContainer: true,
      renderLabels: false,
      autoRescale: true,
      stagePadding: 0,
      itemSizesReference: "positions",
      zoomToSizeRatioFunction: (ratio) => ratio,
      nodeProgramClasses: { symbol: Symbols },
      nodeHoverProgramClasses: { symbol: Symbols },
      edgeProgramClasses: { line: Lines },
      defaultNodeType: "symbol",
      defaultEdgeType: "line",
      minCameraRatio: 1e-4,
      maxCameraRatio: 1e4,
      doubleClickZoomingRatio: 1,
      doubleClickZoomingDuration: 0,
      inertiaDuration: scene.still ? 0 : 200,
    });
    sigma.getNodeAtPosition = () => null; // it would read the pixel under the pointer back at every move
    sigma.setCustomBBox({ x: [-SPAN / 2, SPAN / 2], y: [-SPAN / 2, SPAN / 2] });
    const over = document.createElement("canvas");
    over.className = "over";
    const mouse = container.querySelector(".sigma-mouse");
    container.insertBefore(over, mouse);

    /* Sigma blends colours that are multiplied by their opacity already. */
    const rgba = (pair) => {
      const c = KG.colour.edge;
      const alpha = scene.lineAlpha(pair);
      return `rgba(${[1, 3, 5].map((n) => Math.round(parseInt(c.slice(n, n + 2), 16) * alpha)).join(",")},${alpha.toFixed(2)})`;
    };
    const far = (p, q) => (p.group === undefined || p.group !== q.group ? 1 : 0);
    const attributes = (i, { x, y }) => ({ x, y: -y, size: scene.radius(i), symbol: kinds.indexOf(KG.nodes[i].kind) });

    /* Nodes by square of the drawing, for hits. */
    let cells = new Map();
    const cellOf = ({ x, y }) => `${Math.floor(x / GRID)},${Math.floor(y / GRID)}`;
    const index = () => {
      cells = new Map();
      for (const [i, place] of scene.places()) {
        const key = cellOf(place);
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(i);
      }
    };

    /* Pixels of one unit when sigma's camera stands at 1. */
    const unit = () => {
      const at = (x) => sigma.framedGraphToViewport({ x, y: 0.5 }, { cameraState: { x: 0.5, y: 0.5, ratio: 1, angle: 0 } }).x;
      return (at(1) - at(0)) / SPAN;
    };
    const renderer = {
      name: "gl",
      sigma,
      set(places, lines) {
        const graph = new graphology.Graph({ type: "undirected" });
        for (const [i, place] of places) graph.addNode(String(i), attributes(i, place));
        for (const pair of lines) graph.addEdgeWithKey(pair.id, String(pair.a), String(pair.b), { color: rgba(pair), far: far(places.get(pair.a), places.get(pair.b)) });
        sigma.setGraph(graph);
        index();
      },
      camera() {
        const { x, y, ratio } = sigma.getCamera().getState();
        const scale = unit() / ratio;
        return {
          scale,
          dx: container.clientWidth / 2 - (x - 0.5) * SPAN * scale,
          dy: container.clientHeight / 2 + (y - 0.5) * SPAN * scale,
        };
      },
      move({ x, y, scale }, ms) {
        const state = { x: 0.5 + x / SPAN, y: 0.5 - y / SPAN, ratio: unit() / scale, angle: 0 };
        if (ms) sigma.getCamera().animate(state, { duration: ms, easing: "quadraticInOut" });
        else sigma.getCamera().setState(state);
      },
      redraw: () => sigma.scheduleRender(),
      recolour() {
        for (const program of programs) program.paint();
        const graph = sigma.getGraph();
        graph.updateEachEdgeAttributes((id, known) => ({ ...known, color: rgba(scene.pair(id)) }));
      },
      nodeAt(point) {
        const { scale, dx, dy } = renderer.camera();
        const [x, y] = [(point.x - dx) / scale, (point.y - dy) / scale];
        const slack = 5 / scale;
        let best = null;
        let least = Infinity;
        const reach = Math.ceil((36 + slack) / GRID);
        for (let u = -reach; u <= reach; u += 1) {
          for (let v = -reach; v <= reach; v += 1) {
            for (const i of cells.get(cellOf({ x: x + u * GRID, y: y + v * GRID })) || []) {
              const place = scene.places().get(i);
              const far = Math.hypot(place.x - x, place.y - y) - scene.radius(i);
              if (far < Math.min(slack, least)) { best = i; least = far; }
            }
          }
        }
        return best;
      },
      pairAt(point) {
        const { scale, dx, dy } = renderer.camera();
        const [x, y] = [(point.x - dx) / scale, (point.y - dy) / scale];
        let best = null;
        let least = 5 / scale;
        for (const pair of scene.lines) {
          const p = scene.places().get(pair.a);
          const q = scene.places().get(pair.b);
          const [ex, ey] = [q.x - p.x, q.y - p.y];
          const share = Math.max(0, Math.min(1, ((x - p.x) * ex + (y - p.y) * ey) / (ex * ex + ey * ey || 1)));
          const far = Math.hypot(p.x + share * ex - x, p.y + share * ey - y);
          if (far < least) { best = pair.id; least = far; }
        }
        return best;
      },
      put(i, place) { sigma.getGraph().mergeNodeAttributes(String(i), attributes(i, place)); index(); },
    };

    const sized = (canvas) => {
      const ratio = window.devicePixelRatio || 1;
      const [w, h] = [Math.round(container.clientWidth * ratio), Math.round(container.clientHeight * ratio)];
      if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, container.clientWidth, container.clientHeight);
      return ctx;
    };
    /* While a large drawing moves, what we paint over it is moved along as it is; while it is zoomed, it is away. Painting
       it anew takes as long as all the rest, and every canvas that changes has to be put together again. */
    let painted = null; // the camera of the last painting
    let settling = 0;
    const paint = () => {
      const camera = scene.camera();
      const ctx = sized(over);
      KG.paintGround(ctx, camera, `${KG.colour.ink}0b`); // lies over the lines here, and so lets them through
      KG.paintOverlay(ctx, camera);
      over.style.transform = "";
      over.style.visibility = "";
      painted = camera;
    };
    let last = { time: 0, camera: null };
    const alike = (p, q) => Boolean(p && q && p.scale === q.scale && p.dx === q.dx && p.dy === q.dy);
    sigma.on("beforeRender", () => {
      const now = performance.now();
      const camera = scene.camera();
      const moved = !alike(camera, last.camera);
      moving = moved && now - last.time < SETTLE;
      if (moved) last = { time: now, camera };
    });
    sigma.on("afterRender", () => {
      clearTimeout(settling);
      if (!moving || !painted || scene.lines.length < HEAVY) paint();
      else {
        const camera = scene.camera();
        const same = Math.abs(camera.scale / painted.scale - 1) < 1e-6;
        over.style.visibility = same ? "" : "hidden";
        if (same) over.style.transform = `translate(${camera.dx - painted.dx}px, ${camera.dy - painted.dy}px)`;
        settling = setTimeout(() => sigma.scheduleRender(), SETTLE);
      }
    });
    sigma.on("resize", () => scene.tell("resize"));

    let held = null; // the node that is being moved
    const point = (event) => ({ x: event.x, y: event.y });
    sigma.on("clickStage", ({ event }) => scene.tell("click", point(event)));
    sigma.on("doubleClickStage", ({ event }) => { event.preventSigmaDefault(); scene.tell("dblclick", point(event)); });
    sigma.on("downStage", ({ event }) => {
      held = event.original instanceof MouseEvent ? renderer.nodeAt(point(event)) : null; // fingers move the drawing
      scene.tell("moved");
    });
    sigma.on("wheelStage", () => scene.tell("moved"));
    const captor = sigma.getMouseCaptor();
    captor.on("mousemovebody", (event) => {
      if (held === null) {
        if (!captor.isMouseDown) scene.tell("hover", renderer.nodeAt(point(event)));
        return;
      }
      event.preventSigmaDefault();
      const { scale, dx, dy } = renderer.camera();
      const place = { x: Math.round((event.x - dx) / scale), y: Math.round((event.y - dy) / scale) };
      const known = scene.places().get(held);
      if (!known.pinned && Math.hypot(known.x - place.x, known.y - place.y) * scale < 4) return;
      scene.tell("drag", { node: held, place });
      sigma.getGraph().mergeNodeAttributes(String(held), attributes(held, place));
    });
    captor.on("mouseup", () => { if (held !== null) index(); held = null; scene.tell("settled"); });
    return renderer;
  };
  KG.renderers.gl = { make, works };
})();
