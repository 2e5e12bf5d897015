// A Sankey diagram in SVG: columns of nodes in the order given, ribbons as wide as what flows.

import css from "./flows.css";
import { component, debounced, element, onFonts, shape, toneColour, webAddress, widthOf, wrap } from "./shared.js";

const BAR = 16;
const LINE = 19;
const GAP = 14;
const NARROWEST = 860;
const SIZE = 15;

/** Places nodes and ribbons; returns the drawing's width and height. */
function arrange(data, width, font) {
  const columns = data.columns.length;
  const last = columns - 1;
  const side = Math.min(230, width * 0.2);
  const step = last ? (width - 2 * side - BAR) / last : 0;
  const nodes = data.nodes.map((node) => ({ ...node, out: [], into: [] }));
  const known = new Map(nodes.map((node) => [node.id, node]));
  const links = data.links.map((link) => ({ ...link }));
  for (const link of links) {
    link.from = known.get(link.source);
    link.to = known.get(link.target);
    link.from.out.push(link);
    link.to.into.push(link);
  }
  const sum = (list) => list.reduce((total, link) => total + link.value, 0);
  for (const node of nodes) {
    node.value = Math.max(sum(node.out), sum(node.into));
    const inner = node.column > 0 && node.column < last;
    const room = (inner ? Math.min(190, step * 0.55) : side) - 12;
    node.number = node.value.toLocaleString("en-GB");
    node.lines = wrap(`${node.label} ${node.number}`, room, font);
    node.text = node.lines.length * LINE;
  }
  const totals = data.columns.map((_, column) =>
    nodes.filter((node) => node.column === column).reduce((total, node) => total + node.value, 0));
  const unit = Math.min(40, 430 / Math.max(1, ...totals));
  const heights = data.columns.map(() => 0);
  for (const node of nodes) {
    node.bar = Math.max(2, node.value * unit);
    node.slot = Math.max(node.bar, node.text) + GAP;
    heights[node.column] += node.slot;
  }
  const titles = data.columns.map((title, column) => wrap(title, column > 0 && column < last ? step - 30 : side, font));
  const top = 22 + LINE * Math.max(1, ...titles.map((lines) => lines.length));
  const tallest = Math.max(0, ...heights);
  data.columns.forEach((_, column) => {
    const members = nodes.filter((node) => node.column === column);
    const spare = members.length ? (tallest - heights[column]) / members.length : 0;
    let y = top;
    for (const node of members) {
      node.x = side + column * step;
      node.middle = y + (node.slot + spare - GAP) / 2;
      node.y = node.middle - node.bar / 2;
      y += node.slot + spare;
    }
  });
  for (const node of nodes) {
    let y = node.y + (node.bar - sum(node.out) * unit) / 2;
    for (const link of node.out.sort((one, other) => one.to.column - other.to.column || one.to.y - other.to.y)) {
      link.y0 = y;
      y += link.value * unit;
    }
    y = node.y + (node.bar - sum(node.into) * unit) / 2;
    for (const link of node.into.sort((one, other) => one.from.column - other.from.column || one.from.y - other.from.y)) {
      link.y1 = y;
      y += link.value * unit;
    }
  }
  return { nodes, links, unit, last, titles, height: top + tallest + 4 };
}

function ribbon(link, unit) {
  const x0 = link.from.x + BAR;
  const x1 = link.to.x;
  const bend = (x0 + x1) / 2;
  const high = Math.max(1.5, link.value * unit);
  const { y0, y1 } = link;
  return `M${x0},${y0}C${bend},${y0} ${bend},${y1} ${x1},${y1}V${y1 + high}` +
    `C${bend},${y1 + high} ${bend},${y0 + high} ${x0},${y0 + high}Z`;
}

function create(root) {
  let data = null;
  let drawnFor = "";
  const readout = element("p", { "aria-hidden": "true" });
  const hint = element("p", { class: "hint", id: "hint", hidden: "" }, "Scroll sideways to see all of it.");
  const scroll = element("div", { class: "scroll" });
  root.append(hint, scroll, readout);

  const counted = (value) =>
    `${value.toLocaleString("en-GB")} ${value === 1 ? data.unit[0] : data.unit[1]}`;

  /** Wraps what is drawn in a link, or in a named picture if it leads nowhere. */
  function named(kind, item, name, ...parts) {
    const say = () => (readout.textContent = name);
    const hush = () => (readout.textContent = "");
    const events = { mouseenter: say, mouseleave: hush, focus: say, blur: hush };
    const common = { class: kind, style: `--tone: ${toneColour(item.tone)}`, "aria-label": name, ...events };
    return webAddress(item.href)
      ? shape("a", { ...common, href: item.href }, ...parts)
      : shape("g", { ...common, role: "img" }, ...parts);
  }

  function drawNode(node, last) {
    const inner = node.column > 0 && node.column < last;
    const before = node.column === 0;
    const x = before ? node.x - 10 : node.x + BAR + 10;
    const anchor = before ? "end" : "start";
    const first = node.middle - node.text / 2 + LINE * 0.73;
    const lines = node.lines.map((line, place) => {
      const words = { x, y: first + place * LINE, class: "words" };
      if (place < node.lines.length - 1) return shape("tspan", words, line);
      const start = line.slice(0, line.length - node.number.length).trimEnd();
      if (!start) return shape("tspan", { ...words, class: "number" }, node.number);
      return shape("tspan", { x, y: words.y }, shape("tspan", { class: "words" }, start), " ",
        shape("tspan", { class: "number" }, node.number));
    });
    const wide = Math.max(...node.lines.map((line) => widthOf(line, `650 ${SIZE}px ${font()}`)));
    const top = Math.min(node.y, node.middle - node.text / 2) - 3;
    const bottom = Math.max(node.y + node.bar, node.middle + node.text / 2) + 3;
    const start = before ? x - wide - 4 : node.x - 4;
    return named("node", node, `${node.label}: ${counted(node.value)}`,
      shape("rect", { x: node.x, y: node.y, width: BAR, height: node.bar }),
      inner ? shape("text", { class: "halo", "aria-hidden": "true" }, ...lines.map((line) => line.cloneNode(true))) : null,
      shape("text", { "text-anchor": anchor }, ...lines),
      shape("path", { class: "frame",
        d: `M${start},${top}H${before ? node.x + BAR + 4 : x + wide + 4}V${bottom}H${start}Z` }));
  }

  const font = () => getComputedStyle(root).fontFamily;

  function draw() {
    const room = Math.floor(root.clientWidth) - 8;
    if (!data || room <= 0) return;
    const width = Math.max(NARROWEST, room);
    const wanted = `${width} ${JSON.stringify(data)}`;
    const sideways = width > room;
    hint.hidden = !sideways;
    if (sideways) {
      for (const [name, value] of Object.entries({ tabindex: "0", role: "region", "aria-label": `${data.label}: scrolls sideways` })) {
        scroll.setAttribute(name, value);
      }
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) scroll.removeAttribute(name);
    }
    if (wanted === drawnFor) return;
    drawnFor = wanted;
    const plan = arrange(data, width, `650 ${SIZE}px ${font()}`);
    const titles = data.columns.map((_, column) => {
      const node = plan.nodes.find((one) => one.column === column);
      if (!node) return null;
      const x = column === 0 ? node.x + BAR : node.x;
      const lines = plan.titles[column].map((line, place) => shape("tspan", { x, y: 18 + place * LINE }, line));
      return shape("text", { class: "title", "text-anchor": column === 0 ? "end" : "start" }, ...lines);
    });
    const links = plan.links.map((link) => {
      const name = link.title || `${link.from.label} to ${link.to.label}: ${counted(link.value)}`;
      return named("link", link, name, shape("path", { d: ribbon(link, plan.unit) }));
    });
    const nodes = plan.nodes.map((node) => drawNode(node, plan.last));
    scroll.replaceChildren(shape("svg",
      { role: "group", "aria-label": data.label, "aria-describedby": "about", width, height: plan.height,
        viewBox: `0 0 ${width} ${plan.height}` },
      shape("desc", { id: "about" }, data.description),
      ...titles.filter(Boolean), ...links, ...nodes));
  }

  const resized = debounced(draw, 60);
  const observer = new ResizeObserver(resized);
  observer.observe(root);
  const deaf = onFonts(() => {
    drawnFor = "";
    draw();
  });
  return {
    update(given) {
      data = given.data;
      draw();
    },
    destroy() {
      deaf();
      observer.disconnect();
      resized.cancel();
    },
  };
}

export default component(css, create);
