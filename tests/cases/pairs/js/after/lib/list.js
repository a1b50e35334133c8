"use strict";

const fs = require("fs");
const path = require("path");

const DEFAULTS = {
  limit: 20,
  hidden: false,
  suffixes: [".js", ".mjs", ".json"],
  depth: 8,
};

function isHidden(name) {
  return name.startsWith(".");
}

function listFolder(folder, options) {
  const settings = Object.assign({}, DEFAULTS, options);
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (isHidden(entry.name) && !settings.hidden) {
      continue;
    }
    if (entry.isSymbolicLink()) {
      continue;
    }
    if (entry.isDirectory()) {
      found.push(...listFolder(path.join(folder, entry.name), settings));
    } else if (settings.suffixes.includes(path.extname(entry.name))) {
      found.push(path.join(folder, entry.name));
    }
  }
  return found;
}

function render(files, limit) {
  const shown = files.slice(0, limit);
  const lines = shown.map((file) => `<li>${file}</li>`);
  if (files.length > limit) {
    const more = files.length - limit;
    lines.push(`<li class="more">and ${more} -- others</li>`);
  }
  return "<ul>" + lines.join("\n") + "</ul>";
}

function main(argv) {
  const folder = argv[2] || ".";
  const files = listFolder(folder, {});
  console.log(render(files, DEFAULTS.limit));
}

module.exports = { isHidden, listFolder, render };

if (require.main === module) {
  main(process.argv);
}
