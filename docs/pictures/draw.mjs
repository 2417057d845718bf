// Draws every picture of this folder from its source: node docs/pictures/draw.mjs [--check]
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { instance } from "@viz-js/viz";

const folder = dirname(fileURLToPath(import.meta.url));
const check = process.argv.includes("--check");
const graphviz = await instance();
let stale = 0;
for (const source of readdirSync(folder).filter((name) => name.endsWith(".dot"))) {
  const target = join(folder, source.replace(/\.dot$/, ".svg"));
  const svg = graphviz.renderString(readFileSync(join(folder, source), "utf8"), { format: "svg" });
  if (!check) {
    writeFileSync(target, svg);
  } else if (readFileSync(target, "utf8") !== svg) {
    stale += 1;
    console.error(`${target} is older than ${source}; run make pictures`);
  }
}
process.exit(stale ? 1 : 0);
