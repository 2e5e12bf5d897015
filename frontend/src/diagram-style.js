// How things look: colours as the page's CSS has them at the moment, sizes in screen pixels.

const SHAPES = {
  section: "rectangle",
  theme: "round-rectangle",
  value: "diamond",
  commitment: "ellipse",
  reference: "hexagon",
  party: "triangle",
  reason: "octagon",
};

export const OUTLINES = {
  rectangle: "M3 5H17V15H3Z",
  "round-rectangle": "M6 5H14A3 3 0 0 1 17 8V12A3 3 0 0 1 14 15H6A3 3 0 0 1 3 12V8A3 3 0 0 1 6 5Z",
  diamond: "M10 2L18 10L10 18L2 10Z",
  ellipse: "M10 3A7 7 0 1 1 9.99 3Z",
  hexagon: "M6 3H14L18 10L14 17H6L2 10Z",
  triangle: "M10 3L18 17H2Z",
  octagon: "M7 2H13L18 7V13L13 18H7L2 13V7Z",
  pentagon: "M10 2L18 8L15 17H5L2 8Z",
};

export const shapeOf = (kind) => SHAPES[kind] ?? "pentagon";

const GREATER = { section: 20, theme: 24, value: 22, reference: 22, party: 26, reason: 22 };

export const sizeOf = (node) => GREATER[node.kind] ?? 18;

/** How large things are where all of them have less room than they need. */
export const bodyScale = (zoom) => Math.min(1, Math.max(0.5, zoom));

export const TEXT = 13;
export const TIE_TEXT = 12;
export const LEADING = 1.25;

/** Reads a CSS colour as Cytoscape's `rgb(…)`: the browser itself resolves what it is made of. */
export function plainColour(colour) {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
}

const SIDES = {
  bottom: { "text-valign": "bottom", "text-halign": "center", x: 0, y: 2 },
  top: { "text-valign": "top", "text-halign": "center", x: 0, y: -2 },
  right: { "text-valign": "center", "text-halign": "right", x: 3, y: 0 },
  left: { "text-valign": "center", "text-halign": "left", x: -3, y: 0 },
};

/** The stylesheet. `scale` turns screen pixels into the drawing's units, so that zooming only makes room. */
export function stylesheet(colours, font, scale) {
  const side = (node) => SIDES[node.data("side")] ?? SIDES.bottom;
  const px = (pixels) => pixels * scale();
  const body = (pixels) => px(pixels) * bodyScale(1 / scale());
  return [
    {
      selector: "node",
      style: {
        shape: (node) => shapeOf(node.data("kind")),
        width: (node) => body(node.data("size")),
        height: (node) => body(node.data("size")),
        "background-color": (node) => colours.tone(node.data("tone")),
        "border-color": colours.text,
        "border-width": () => px(1),
        label: (node) => (node.data("side") ? node.data("lines") : ""),
        "text-wrap": "wrap",
        "line-height": LEADING,
        "text-justification": (node) => ({ left: "right", right: "left" })[node.data("side")] ?? "center",
        "text-valign": (node) => side(node)["text-valign"],
        "text-halign": (node) => side(node)["text-halign"],
        "text-margin-x": (node) => px(side(node).x),
        "text-margin-y": (node) => px(side(node).y),
        color: colours.text,
        "font-family": font,
        "font-size": () => px(TEXT),
        "text-outline-color": colours.page,
        "text-outline-width": () => px(2.5),
        "overlay-opacity": 0,
        "z-index": 2,
      },
    },
    {
      selector: "edge",
      style: {
        "curve-style": "bezier",
        "control-point-step-size": () => px(26),
        width: () => px(1.2),
        "line-color": colours.line,
        "line-style": (edge) => (edge.data("firm") ? "solid" : "dashed"),
        "line-dash-pattern": () => [px(6), px(4)],
        "target-arrow-shape": "triangle",
        "target-arrow-color": colours.line,
        "arrow-scale": () => scale() * 0.8,
        color: colours.text,
        "font-family": font,
        "font-size": () => px(TIE_TEXT),
        "text-outline-color": colours.page,
        "text-outline-width": () => px(3),
        "text-rotation": "autorotate",
        "overlay-opacity": 0,
        "z-index": 1,
      },
    },
    { selector: "edge.said", style: { label: "data(words)", "text-wrap": "wrap", "line-height": 1.1, "control-point-step-size": () => px(52), "z-index": 3 } },
    { selector: "edge.quiet", style: { opacity: 0.45 } },
    { selector: "node.faded", style: { "background-opacity": 0.25, "border-opacity": 0.35, "text-opacity": 0.8 } },
    { selector: "edge.faded", style: { "line-opacity": 0.15, "text-opacity": 0.75 } },
    { selector: "edge.near", style: { width: () => px(2.2), "line-color": colours.text, "target-arrow-color": colours.text, opacity: 1 } },
    { selector: "node.near", style: { "border-width": () => px(2), "z-index": 4 } },
    { selector: "node.chosen", style: { "background-color": (node) => colours.chosen(node.data("tone")), "border-width": () => px(4), "font-weight": 700, "z-index": 6 } },
    {
      selector: "node.cursor",
      style: { "outline-width": () => px(3), "outline-offset": () => px(3), "outline-color": colours.focus, "font-weight": 700, "z-index": 7 },
    },
  ];
}
