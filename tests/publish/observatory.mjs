// Scores a server on loopback as the MDN HTTP Observatory scores one on the web.
// In: the ports of http and https. Out: score, grade and each test's result as JSON.
import { writeFileSync } from "node:fs";

const home = new URL("../node_modules/@mdn/mdn-http-observatory/", import.meta.url);
// The list of preloaded hosts is fetched when the package installs itself; 127.0.0.1 is on none.
writeFileSync(new URL("conf/hsts-preload.json", home), "{}");
const load = (name) => import(new URL(`src/${name}.js`, home));
const { retrieve } = await load("retriever/retriever");
const { ALL_TESTS } = await load("constants");
const { getGradeForScore, getScoreModifier } = await load("grader/grader");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts");

const [httpPort, httpsPort] = process.argv.slice(2);
const answers = await retrieve("127.0.0.1", { httpPort, httpsPort });
const results = ALL_TESTS.map((test) => test(answers).result);
const modifiers = results.map(getScoreModifier);
const sum = (list) => list.reduce((total, one) => total + one, 100);
const strict = sum(modifiers.filter((one) => one < 0));
const final = strict >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(modifiers) : strict;
console.log(JSON.stringify({ ...getGradeForScore(final), results }));
