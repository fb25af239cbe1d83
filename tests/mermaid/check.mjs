// Reads a JSON list of charts from standard input and answers, in a JSON list, what mermaid's own parser
// says of each: its kind, or the error.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!DOCTYPE html><body></body>");
globalThis.window = window;
globalThis.document = window.document;

const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

let input = "";
for await (const part of process.stdin) input += part;

const answers = [];
for (const chart of JSON.parse(input)) {
  try {
    const { diagramType, config } = await mermaid.parse(chart);
    answers.push({ kind: diagramType, config });
  } catch (error) {
    answers.push({ error: String(error.message ?? error) });
  }
}
process.stdout.write(JSON.stringify({ version: mermaid.version ?? null, answers }));
