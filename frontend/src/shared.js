// What the components share. Text from Python reaches the page by textContent alone.

const instances = new WeakMap();

/**
 * Returns a component's default export. Streamlit calls it for each change of data or theme, with the
 * same parent: the first call makes the instance, every call updates it.
 */
export function component(css, create) {
  return (given) => {
    const parent = given.parentElement;
    let instance = instances.get(parent);
    if (!instance) {
      const root = element("div", { class: "root" });
      parent.append(element("style", {}, css), root);
      instance = create(root, parent);
      instances.set(parent, instance);
    }
    instance.update(given);
    return () => {
      instance.destroy?.();
      instances.delete(parent);
      parent.replaceChildren();
    };
  };
}

const SVG = "http://www.w3.org/2000/svg";

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Names a tone's colour in CSS. A tone is a word: anything else in it is dropped. */
export function toneColour(tone) {
  const word = String(tone ?? "").replace(/[^\w-]/g, "");
  return word ? `var(--cg-tone-${word}, var(--grey))` : "var(--grey)";
}

/** Whether an address leads to a page: a `javascript:` one would run. */
export function webAddress(href) {
  if (!href) return false;
  try {
    return ["http:", "https:"].includes(new URL(href, document.baseURI).protocol);
  } catch {
    return false;
  }
}

let context;

/** Breaks a text into lines of at most `width` pixels in `font`; a longer word is broken. */
export function wrap(text, width, font) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = font;
  const fits = (line) => context.measureText(line).width <= width;
  const lines = [];
  let line = "";
  for (let word of String(text).split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    while (!fits(word) && word.length > 1) {
      let end = word.length - 1;
      while (end > 1 && !fits(word.slice(0, end))) end -= 1;
      lines.push(word.slice(0, end));
      word = word.slice(end);
    }
    line = word;
  }
  if (line) lines.push(line);
  return lines;
}

/** Calls `action` whenever fonts have loaded, which changes the widths of texts; returns what ends that. */
export function onFonts(action) {
  document.fonts.addEventListener("loadingdone", action);
  return () => document.fonts.removeEventListener("loadingdone", action);
}

export function widthOf(text, font) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = font;
  return context.measureText(text).width;
}

/** Puts an action off until `wait` milliseconds after the last call; `flush` does at once what waits. */
export function debounced(action, wait) {
  let timer = null;
  const run = () => {
    clearTimeout(timer);
    timer = null;
    action();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  };
  later.flush = () => timer !== null && run();
  later.cancel = () => clearTimeout(timer);
  return later;
}
