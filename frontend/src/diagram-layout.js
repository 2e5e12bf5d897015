// Where things stand: the same input gives the same places. Coordinates are screen pixels at zoom 1.

const ROOM = 3400;

/** How many ties each node is away from the centre; what no tie reaches is one ring further out. */
function rings(nodes, ties, centre) {
  const beside = new Map(nodes.map((node) => [node.id, []]));
  for (const tie of ties) {
    beside.get(tie.start).push(tie.end);
    beside.get(tie.end).push(tie.start);
  }
  const ring = new Map([[centre, 0]]);
  const queue = [centre];
  for (const id of queue) {
    for (const other of beside.get(id)) {
      if (ring.has(other)) continue;
      ring.set(other, ring.get(id) + 1);
      queue.push(other);
    }
  }
  const furthest = Math.max(...ring.values());
  for (const node of nodes) if (!ring.has(node.id)) ring.set(node.id, furthest + 1);
  return { ring, beside };
}

/** Rings around the centre, each in the order given and, from the second on, near what it is tied to. */
function concentric(nodes, ties, centre) {
  const { ring, beside } = rings(nodes, ties, centre);
  const places = new Map([[centre, { x: 0, y: 0 }]]);
  const angles = new Map([[centre, -Math.PI / 2]]);
  const furthest = Math.max(...ring.values());
  let radius = 0;
  for (let level = 1; level <= furthest; level += 1) {
    const members = nodes.filter((node) => ring.get(node.id) === level);
    if (!members.length) continue;
    if (level > 1) {
      const pull = new Map(members.map((node) => {
        const inner = beside.get(node.id).filter((id) => ring.get(id) === level - 1).map((id) => angles.get(id));
        const x = inner.reduce((sum, angle) => sum + Math.cos(angle), 0);
        const y = inner.reduce((sum, angle) => sum + Math.sin(angle), 0);
        return [node.id, (Math.atan2(y, x) + 2.5 * Math.PI) % (2 * Math.PI)];
      }));
      members.sort((one, other) => pull.get(one.id) - pull.get(other.id));
    }
    const rows = Math.ceil(members.length / 28);
    radius = Math.max(radius + (level === 1 ? 190 : 120), (members.length / rows) * 11);
    const begin = members.length === 1 ? 0 : -Math.PI / 2 + (level === 1 ? Math.PI / members.length : 0);
    members.forEach((node, place) => {
      const angle = begin + (2 * Math.PI * place) / members.length;
      const distance = radius + (place % rows) * 70;
      angles.set(node.id, angle);
      places.set(node.id, { x: Math.cos(angle) * distance, y: Math.sin(angle) * distance });
    });
    radius += (rows - 1) * 70;
  }
  return places;
}

/** Cytoscape's force-directed layout, begun from a circle so that no chance enters. */
function forces(cy, nodes) {
  const around = nodes.length * 12;
  cy.nodes().forEach((node, place) => {
    const angle = (2 * Math.PI * place) / nodes.length;
    node.position({ x: Math.cos(angle) * around, y: Math.sin(angle) * around });
  });
  const busy = (node) => node.degree(false);
  cy.layout({
    name: "cose",
    randomize: false,
    animate: false,
    fit: false,
    nodeDimensionsIncludeLabels: false,
    componentSpacing: 60,
    nodeRepulsion: () => 60000,
    idealEdgeLength: (edge) => 40 + 5 * Math.sqrt(Math.min(busy(edge.source()), 30) * Math.min(busy(edge.target()), 30)),
    edgeElasticity: () => 60,
    gravity: 1.2,
    numIter: 500,
    initialTemp: 300,
    coolingFactor: 0.985,
    minTemp: 0.5,
  }).run();
  return new Map(cy.nodes().map((node) => [node.id(), { ...node.position() }]));
}

/** Stretches places to a frame, pushes apart what would overlap, and keeps all inside. */
function settle(nodes, places, sizes, width, height) {
  const points = nodes.map((node) => places.get(node.id));
  const spread = (axis) => {
    const values = points.map((point) => point[axis]);
    const low = Math.min(...values);
    return { low, length: Math.max(...values) - low || 1 };
  };
  const across = spread("x");
  const down = spread("y");
  const items = nodes.map((node, place) => {
    const size = sizes.get(node.id);
    const x = across.length > 1 ? (points[place].x - across.low) / across.length : 0.5;
    const y = down.length > 1 ? (points[place].y - down.low) / down.length : 0.5;
    return { id: node.id, wide: size.wide, high: size.high, x: size.wide / 2 + x * (width - size.wide), y: size.high / 2 + y * (height - size.high) };
  });
  for (let round = 0; round < 300; round += 1) {
    let moved = false;
    for (let i = 0; i < items.length; i += 1) {
      for (let j = i + 1; j < items.length; j += 1) {
        const one = items[i];
        const other = items[j];
        const overX = (one.wide + other.wide) / 2 - Math.abs(one.x - other.x);
        const overY = (one.high + other.high) / 2 - Math.abs(one.y - other.y);
        if (overX <= 0 || overY <= 0) continue;
        moved = true;
        const axis = overX < overY ? "x" : "y";
        const push = (Math.min(overX, overY) / 2) * 0.6 + 0.2;
        const sign = one[axis] < other[axis] || (one[axis] === other[axis] && i < j) ? -1 : 1;
        one[axis] += sign * push;
        other[axis] -= sign * push;
      }
    }
    for (const item of items) {
      item.x = Math.min(width - item.wide / 2, Math.max(item.wide / 2, item.x));
      item.y = Math.min(height - item.high / 2, Math.max(item.high / 2, item.y));
    }
    if (!moved) break;
  }
  return new Map(items.map((item) => [item.id, { x: item.x, y: item.y }]));
}

/** Places all nodes in a frame with the proportions of the stage, large enough for them. */
export function arrange(cy, data, sizes, stage) {
  const { nodes, ties, centre } = data;
  const begun = centre ? concentric(nodes, ties, centre) : forces(cy, nodes);
  const need = Math.max(nodes.length * ROOM, nodes.reduce((sum, node) => {
    const { wide, high } = sizes.get(node.id);
    return sum + wide * high * 2.1;
  }, 0));
  const scale = Math.max(1, Math.sqrt(need / (stage.width * stage.height)));
  const width = Math.min(stage.width * scale, 360 + 60 * nodes.length);
  const height = Math.min(stage.height * scale, 240 + 30 * nodes.length);
  const places = settle(nodes, begun, sizes, width, height);
  cy.nodes().positions((node) => places.get(node.id()));
}

const hits = (box, list) =>
  list.some((other) => box.x1 < other.x2 && box.x2 > other.x1 && box.y1 < other.y2 && box.y2 > other.y1);

/**
 * Chooses on which side of its node each label stands, most important first, and which must wait until
 * there is room. Boxes are in screen pixels. Returns a side for each id, null for what is not shown, and
 * the boxes taken.
 */
export function placeLabels(items) {
  const taken = [];
  const shared = (box, other) =>
    Math.max(0, Math.min(box.x2, other.x2) - Math.max(box.x1, other.x1)) *
    Math.max(0, Math.min(box.y2, other.y2) - Math.max(box.y1, other.y1));
  const bodies = items.map((item) => ({
    id: item.id, x1: item.x - item.size / 2, x2: item.x + item.size / 2, y1: item.y - item.size / 2, y2: item.y + item.size / 2,
  }));
  const sides = new Map();
  for (const item of items) {
    const { x, y, size, wide, high } = item;
    const off = size / 2 + 2;
    const boxes = {
      bottom: { x1: x - wide / 2, x2: x + wide / 2, y1: y + off, y2: y + off + high },
      right: { x1: x + off, x2: x + off + wide, y1: y - high / 2, y2: y + high / 2 },
      left: { x1: x - off - wide, x2: x - off, y1: y - high / 2, y2: y + high / 2 },
      top: { x1: x - wide / 2, x2: x + wide / 2, y1: y - off - high, y2: y - off },
    };
    const order = item.prefer ? [item.prefer, ...Object.keys(boxes).filter((side) => side !== item.prefer)] : Object.keys(boxes);
    const inFrame = (box) => item.outside || (box.x1 >= 0 && box.x2 <= item.frame.width && box.y1 >= 0 && box.y2 <= item.frame.height);
    const others = bodies.filter((body) => body.id !== item.id);
    const free = order.filter((name) => inFrame(boxes[name]) && !hits(boxes[name], taken));
    const covered = (name) => others.reduce((sum, body) => sum + shared(boxes[name], body), 0);
    const best = free.map((name) => ({ name, over: covered(name) })).sort((one, other) => one.over - other.over)[0];
    const side = best && (item.must || best.over < 200) ? best.name : item.must ? order[0] : null;
    sides.set(item.id, side);
    if (side) taken.push(boxes[side]);
  }
  return { sides, taken };
}

/** Whether a slanting label finds room among the boxes `taken`; if so, takes its own, as a row of squares. */
export function takeSlanting({ x, y, angle, wide, high }, taken) {
  const half = high * 0.4;
  const count = Math.max(1, Math.round(wide / high));
  const own = Array.from({ length: count }, (_, place) => {
    const along = ((place + 0.5) / count - 0.5) * wide;
    const [middleX, middleY] = [x + Math.cos(angle) * along, y + Math.sin(angle) * along];
    return { x1: middleX - half, x2: middleX + half, y1: middleY - half, y2: middleY + half };
  });
  if (own.some((box) => hits(box, taken))) return false;
  taken.push(...own);
  return true;
}
