// A typed network, drawn by Cytoscape.js, in which one thing can be chosen by pointer, touch or keyboard.
//
// To a screen reader the drawing is a list box of its things: the arrows move within it, Enter chooses.

import cytoscape from "cytoscape";
import css from "./diagram.css";
import { arrange, placeLabels, takeSlanting } from "./diagram-layout.js";
import { bodyScale, LEADING, OUTLINES, plainColour, shapeOf, sizeOf, stylesheet, TEXT, TIE_TEXT } from "./diagram-style.js";
import { component, debounced, element, onFonts, shape, toneColour, widthOf, wrap } from "./shared.js";

const FEW_TIES = 15;
const LABEL_WIDTH = 120;
const PADDING = 26;

function create(root) {
  let given = null;
  let data = null;
  let drawn = "";
  let turn = null;
  let chosen = null;
  let cursor = null;
  let cy = null;
  let stageSize = { width: 0, height: 0 };
  let colours = null;
  const nodes = () => data?.nodes ?? [];

  // The page around the drawing

  const button = (words, act) => element("button", { type: "button", click: act }, words);
  const bar = element("div", { class: "bar" },
    button("Zoom in", () => zoomBy(1.4)), button("Zoom out", () => zoomBy(1 / 1.4)), button("Show all", () => showAll()));
  const names = element("div", { class: "names" });
  const drawing = element("div", { class: "drawing", "aria-hidden": "true" });
  // Cytoscape keeps where the drawing stands until something around it scrolls, and does not see that from
  // within a shadow root.
  const lookAgain = () => cy?.renderer().invalidateContainerClientCoordsCache();
  for (const kind of ["pointerenter", "pointerdown"]) drawing.addEventListener(kind, lookAgain, { capture: true });
  const stage = element("div", { class: "stage", role: "listbox", tabindex: "0", "aria-describedby": "hint" },
    drawing);
  const probes = element("div", { class: "probes", "aria-hidden": "true" });
  const key = element("ul", { "aria-label": "Shapes" });
  const said = element("p", { class: "said", role: "status" });
  const hint = element("p", { class: "hint", id: "hint" });
  root.setAttribute("role", "group");
  root.append(bar, stage, key, said, hint, probes);
  stage.append(names);

  // Colours, as the page has them now; a probe's transition tells when the page changes them

  const probe = (name, style) => {
    const made = element("i", { style, "data-name": name });
    probes.append(made);
    return made;
  };

  function readColours() {
    const wanted = ["", ...new Set(nodes().map((node) => node.tone))];
    probes.replaceChildren();
    const fixed = { text: "var(--text)", page: "var(--page)", line: "var(--line)", focus: "var(--focus)" };
    const read = (style) => plainColour(getComputedStyle(probe("", style)).color);
    const named = Object.fromEntries(Object.entries(fixed).map(([name, colour]) => [name, read(`color: ${colour}`)]));
    named.page = plainColour(getComputedStyle(probe("", "background-color: var(--page)")).backgroundColor);
    const tones = new Map(wanted.map((tone) => [tone, read(`color: ${toneColour(tone)}`)]));
    const tone = (name) => tones.get(name) ?? tones.get("");
    const forced = matchMedia("(forced-colors: active)").matches;
    colours = { ...named, tone: forced ? () => named.page : tone, chosen: tone };
  }

  const font = () => getComputedStyle(root).fontFamily;
  const scale = () => (cy ? 1 / cy.zoom() : 1);
  const restyle = debounced(() => {
    if (!cy) return;
    readColours();
    cy.style(stylesheet(colours, font(), scale));
  }, 30);
  probes.addEventListener("transitionend", restyle);

  // The drawing

  function measure(node) {
    const face = `${TEXT}px ${font()}`;
    const lines = wrap(node.label, LABEL_WIDTH, face);
    return {
      lines: lines.join("\n"),
      wide: Math.ceil(Math.max(0, ...lines.map((line) => widthOf(line, face)))) + 4,
      high: Math.ceil(lines.length * TEXT * LEADING),
    };
  }

  function draw() {
    const width = stage.clientWidth;
    const height = data.height;
    stage.style.height = `${height}px`;
    if (!width) return;
    stageSize = { width, height };
    cy?.destroy();
    readColours();
    const sizes = new Map();
    const things = nodes().map((node) => {
      const { lines, wide, high } = measure(node);
      const size = sizeOf(node);
      sizes.set(node.id, { wide: Math.max(size, wide) + 8, high: size + high + 6 });
      return { group: "nodes", data: { id: node.id, kind: node.kind, tone: node.tone, size, lines, wide, high, side: "bottom" } };
    });
    const lines = data.ties.map((tie, place) => ({
      group: "edges",
      data: { id: `tie:${place}`, source: tie.start, target: tie.end, label: tie.label, words: "", firm: tie.firm },
    }));
    cy = cytoscape({
      container: drawing,
      elements: [...things, ...lines],
      style: stylesheet(colours, font(), scale),
      layout: { name: "null" },
      autoungrabify: true,
      boxSelectionEnabled: false,
      selectionType: "single",
      autounselectify: true,
      minZoom: 0.15,
      maxZoom: 6,
    });
    arrange(cy, data, sizes, { width: width - 2 * PADDING, height: height - 2 * PADDING });
    cy.on("tap", (event) => {
      stage.focus({ preventScroll: true });
      choose(event.target === cy ? null : event.target.isNode() ? event.target.id() : chosen);
    });
    cy.on("mouseover", "node", () => (drawing.style.cursor = "pointer"));
    cy.on("mouseout", "node", () => (drawing.style.cursor = ""));
    cy.on("zoom pan", relabel);
    showAll();
    mark();
  }

  const relabel = debounced(() => {
    if (!cy) return;
    const near = new Set(chosen && cy.getElementById(chosen).neighborhood("node").map((node) => node.id()));
    const middle = data.centre && cy.getElementById(data.centre).renderedPosition();
    const rank = (node) =>
      node.id() === cursor || node.id() === chosen ? 1e6 : (near.has(node.id()) ? 1e5 : 0) + node.degree(false);
    const items = cy.nodes().map((node) => ({ node, rank: rank(node) }))
      .sort((one, other) => other.rank - one.rank)
      .map(({ node }) => {
        const { x, y } = node.renderedPosition();
        const outward = middle && Math.abs(x - middle.x) > 1.5 * Math.abs(y - middle.y);
        return {
          id: node.id(), x, y, frame: stageSize, size: node.data("size") * bodyScale(cy.zoom()), wide: node.data("wide"), high: node.data("high"),
          must: node.id() === cursor || node.id() === chosen,
          outside: x < 0 || y < 0 || x > stageSize.width || y > stageSize.height,
          prefer: outward ? (x < middle.x ? "left" : "right") : middle && y < middle.y - 30 ? "top" : null,
        };
      });
    const { sides, taken } = placeLabels(items);
    let hidden = items.filter((item) => !item.outside && !sides.get(item.id)).length;
    cy.batch(() => {
      cy.nodes().forEach((node) => node.data("side", sides.get(node.id()) ?? ""));
      for (const edge of cy.edges(".said").toArray()) {
        const words = fitted(edge, taken);
        edge.data("words", words);
        if (edge.data("label") && !words) hidden += 1;
      }
    });
    cy.style().update();
    hint.textContent = `${data.note} Choose a thing to see its ties. By keyboard: arrows go from one to the next, Enter chooses, ` +
      "Escape lets go, plus and minus zoom, 0 shows all." +
      (hidden ? ` Zoom in for ${hidden === 1 ? "1 name" : `${hidden} names`} that ${hidden === 1 ? "has" : "have"} no room here.` : "");
  }, 40);

  /** Returns a tie's label in lines that it has room for, empty if there is no room. */
  function fitted(edge, taken) {
    const [start, end] = [edge.source().renderedPosition(), edge.target().renderedPosition()];
    const room = Math.hypot(start.x - end.x, start.y - end.y) - 50;
    const face = `${TIE_TEXT}px ${font()}`;
    const label = edge.data("label");
    if (label.split(/\s+/).some((word) => widthOf(word, face) > room)) return "";
    const most = edge.parallelEdges().length > 1 ? 2 : 3;
    const angle = Math.atan2(end.y - start.y, end.x - start.x);
    for (const width of [room, room * 0.6]) {
      const lines = wrap(label, width, face);
      if (!lines.length || lines.length > most) continue;
      const wide = Math.max(...lines.map((line) => widthOf(line, face)));
      const box = { ...edge.renderedMidpoint(), angle, wide, high: lines.length * TIE_TEXT * 1.1 };
      if (takeSlanting(box, taken)) return lines.join("\n");
    }
    return "";
  }

  // Choosing

  function choose(id) {
    if (id === chosen) return;
    chosen = id;
    cursor = id ?? cursor;
    mark();
    given.setStateValue("edited", { text: chosen, turn });
  }

  function mark() {
    if (!cy) return;
    const few = data.ties.length < FEW_TIES;
    const here = chosen ? cy.getElementById(chosen) : cy.collection();
    const around = here.closedNeighborhood();
    cy.batch(() => {
      cy.elements().removeClass("chosen near faded cursor said quiet");
      if (chosen) {
        cy.elements().difference(around).addClass("faded");
        around.difference(here).addClass("near");
        here.addClass("chosen");
      }
      (few ? cy.edges() : here.connectedEdges()).addClass("said");
      if (!few && !chosen) cy.edges().addClass("quiet");
      if (cursor && stage.matches(":focus")) cy.getElementById(cursor).addClass("cursor");
    });
    for (const option of names.children) option.setAttribute("aria-selected", String(option.dataset.id === chosen));
    const place = nodes().findIndex((node) => node.id === cursor);
    if (place >= 0) stage.setAttribute("aria-activedescendant", `thing-${place}`);
    else stage.removeAttribute("aria-activedescendant");
    tell();
    relabel();
  }

  function tell() {
    const node = nodes().find((one) => one.id === chosen);
    if (!node) {
      said.textContent = "Nothing is chosen.";
      return;
    }
    const others = cy.getElementById(node.id).neighborhood("node").length;
    const ties = others ? `Tied to ${others} other${others === 1 ? "" : "s"}.` : "Tied to nothing here.";
    said.replaceChildren(element("strong", {}, node.label), ` (${node.kind}). `, node.caption ? `${node.caption} ` : "", ties);
  }

  // Moving about

  function zoomBy(factor) {
    if (!cy) return;
    const at = chosen ? cy.getElementById(chosen).renderedPosition() : { x: stageSize.width / 2, y: stageSize.height / 2 };
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: at });
  }

  function showAll() {
    if (!cy) return;
    const xs = cy.nodes().map((node) => node.position("x"));
    const ys = cy.nodes().map((node) => node.position("y"));
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const level = Math.min(1, (stageSize.width - 2 * PADDING - 30) / (right - left || 1), (stageSize.height - 2 * PADDING - 20) / (bottom - top || 1));
    cy.viewport({
      zoom: level,
      pan: { x: stageSize.width / 2 - (level * (left + right)) / 2, y: stageSize.height / 2 - (level * (top + bottom)) / 2 },
    });
    cy.style().update();
    relabel();
  }

  function go(place) {
    const node = nodes()[Math.min(Math.max(place, 0), nodes().length - 1)];
    if (!node || !cy) return;
    cursor = node.id;
    const { x, y } = cy.getElementById(cursor).renderedPosition();
    const outside = x < 40 || y < 40 || x > stageSize.width - 40 || y > stageSize.height - 40;
    if (outside && cy.zoom() > 0) cy.panBy({ x: stageSize.width / 2 - x, y: stageSize.height / 2 - y });
    mark();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = nodes().findIndex((node) => node.id === cursor);
    const acts = {
      ArrowRight: () => go(place + 1), ArrowDown: () => go(place + 1),
      ArrowLeft: () => go(place < 0 ? nodes().length : place - 1), ArrowUp: () => go(place < 0 ? nodes().length : place - 1),
      Home: () => go(0), End: () => go(nodes().length - 1),
      Enter: () => cursor && choose(cursor), " ": () => cursor && choose(cursor), Escape: () => choose(null),
      "+": () => zoomBy(1.4), "=": () => zoomBy(1.4), "-": () => zoomBy(1 / 1.4), _: () => zoomBy(1 / 1.4), 0: () => showAll(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  stage.addEventListener("keydown", onKey);
  stage.addEventListener("focus", () => mark());
  stage.addEventListener("blur", () => mark());

  // The page keeps scrolling over the drawing until someone is at work in it.
  const atWork = (event) => event.ctrlKey || event.metaKey || stage.matches(":focus");
  stage.addEventListener("wheel", (event) => atWork(event) || event.stopImmediatePropagation(), { capture: true, passive: true });
  stage.addEventListener("touchmove", (event) => stage.matches(":focus") || event.touches.length > 1 || event.stopImmediatePropagation(),
    { capture: true, passive: true });

  // Cytoscape takes the focus away when a touch begins; who was at work stays at work.
  let working = false;
  stage.addEventListener("touchstart", () => (working = stage.matches(":focus")), { capture: true, passive: true });
  stage.addEventListener("touchstart", () => working && stage.focus({ preventScroll: true }), { passive: true });

  const resized = debounced(() => {
    if (!data) return;
    if (!cy) draw();
    else if (stage.clientWidth && stage.clientWidth !== stageSize.width) {
      stageSize = { ...stageSize, width: stage.clientWidth };
      cy.resize();
      showAll();
    }
  }, 80);
  const observer = new ResizeObserver(resized);
  observer.observe(stage);

  const deaf = onFonts(() => {
    if (cy && nodes().some((node) => measure(node).wide !== cy.getElementById(node.id).data("wide"))) draw();
  });
  return {
    update(next) {
      given = next;
      data = next.data;
      const { selected, turn: nextTurn, ...content } = data;
      const wanted = JSON.stringify(content);
      const known = new Set(nodes().map((node) => node.id));
      const anew = wanted !== drawn;
      if (nextTurn !== turn) chosen = selected;
      turn = nextTurn;
      if (!known.has(chosen)) chosen = null;
      if (!known.has(cursor)) cursor = chosen;
      if (!anew) {
        restyle();
        mark();
        return;
      }
      drawn = wanted;
      root.setAttribute("aria-label", data.label);
      stage.setAttribute("aria-label", `${data.label}: things drawn`);
      names.replaceChildren(...nodes().map((node, place) =>
        element("div", { role: "option", id: `thing-${place}`, "data-id": node.id, "aria-selected": "false" }, `${node.label}, ${node.kind}`)));
      const kinds = [...new Set(nodes().map((node) => node.kind))];
      const mixed = data.ties.some((tie) => !tie.firm);
      key.replaceChildren(...kinds.map((kind) =>
        element("li", {}, shape("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, shape("path", { d: OUTLINES[shapeOf(kind)] })), kind)),
        ...(mixed ? [element("li", {}, shape("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" },
          shape("path", { d: "M0 10H20", "stroke-dasharray": "5 3" })), "dashed: not firm")] : []));
      draw();
    },
    destroy() {
      deaf();
      observer.disconnect();
      for (const waiting of [resized, relabel, restyle]) waiting.cancel();
      cy?.destroy();
    },
  };
}

export default component(css, create);
