// Bundles what runs in a browser, each folder with the licences of what is in its bundles: the explorer's
// components, and the page of the SPARQL endpoint.

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const shared = { bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", metafile: true };
const rule = "\n" + "-".repeat(79) + "\n\n";
const packageOf = (path) => path.match(/(?:^|\/)node_modules\/(@[^/]+\/[^/]+|[^/]+)\//)?.[1];

const HEAD = "The files in this folder contain these packages, under these licences.\n";

await bundle("../compactgraph/explorer/components/built", {
  entryPoints: ["src/diagram.js", "src/editor.js", "src/flows.js"],
  legalComments: "eof",
  loader: { ".css": "text" },
});
await bundle("../compactgraph/endpoint/static", {
  entryPoints: ["src/endpoint/page.js", "src/endpoint/page.css"],
  legalComments: "none",
});

async function bundle(outdir, options) {
  const { metafile } = await build({ ...shared, ...options, outdir });
  const packages = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (!bytesInOutput || !packageOf(input)) continue;
      packages.add(packageOf(input));
      for (const inside of bundledBefore(input)) packages.add(inside);
    }
  }
  const parts = [...packages].sort().map(licence);
  writeFileSync(`${outdir}/LICENSES.txt`, [HEAD, ...parts].join(rule));
  for (const [path, { bytes }] of Object.entries(metafile.outputs)) console.log(path, bytes);
}

/** The packages in a file that comes as a bundle itself: its source map names them. */
function bundledBefore(input) {
  if (!existsSync(`${input}.map`)) return [];
  const { sources } = JSON.parse(readFileSync(`${input}.map`, "utf8"));
  return sources.map(packageOf).filter(Boolean);
}

/** A package's licence; from licences/ where the package has no such file, or is not installed. */
function licence(name) {
  const folder = `node_modules/${name}`;
  const own = existsSync(folder) ? readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry)) : null;
  const path = own ? `${folder}/${own}` : `licences/${name.replace("/", "+")}.txt`;
  if (!existsSync(path)) throw new Error(`${name} has no licence file; put its licence into ${path}`);
  const known = existsSync(folder) ? JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) : null;
  const title = known ? `${name} ${known.version} (${known.license})` : name;
  return `${title}\n\n${readFileSync(path, "utf8").trim()}\n`;
}
