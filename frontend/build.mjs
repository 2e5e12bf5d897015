// Bundles each component into one file, and gathers the licences of what is in the bundles.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const built = "../compactgraph/ui/components/built";

const { metafile } = await build({
  entryPoints: ["src/diagram.js", "src/editor.js", "src/flows.js"],
  outdir: built,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "eof",
  loader: { ".css": "text" },
  metafile: true,
});

const folders = new Set();
for (const output of Object.values(metafile.outputs)) {
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    const inside = input.match(/^node_modules\/(@[^/]+\/[^/]+|[^/]+)\//);
    if (inside && bytesInOutput) folders.add(inside[1]);
  }
}

const rule = "\n" + "-".repeat(79) + "\n\n";
const parts = ["The files in this folder contain these packages, under these licences.\n"];
for (const name of [...folders].sort()) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  parts.push(`${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`);
}
writeFileSync(`${built}/LICENSES.txt`, parts.join(rule));

for (const [path, { bytes }] of Object.entries(metafile.outputs)) console.log(path, bytes);
