// Visits addresses as Lighthouse's mobile preset does, each for the first time: Lighthouse empties
// the browser's stores before. The first visit is made twice, since the browser has just started.
// Then goes from a page to the part after it, five times. Under Playwright, Chromium would fetch
// that part ahead of the click but not draw it. In: what is taken apart below, as JSON.
// Out: a line of JSON for each visit, then one for each click, the milliseconds until the paint.
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const { executablePath, args, visits, from } = JSON.parse(process.argv[2]);
const categories = ["performance", "accessibility", "best-practices", "seo"];
const metrics = {
  FCP: "first-contentful-paint",
  LCP: "largest-contentful-paint",
  TBT: "total-blocking-time",
  CLS: "cumulative-layout-shift",
};

// One server answers all: left to guess from how many files a page has, Lighthouse takes the way to
// go for the server's own time on one page, and for the way on another.
const { origin } = new URL(from);
const precomputedLanternData = {
  additionalRttByOrigin: { [origin]: 0 },
  serverResponseTimeByOrigin: { [origin]: 0 },
};
const options = { logLevel: "error", precomputedLanternData };
const browser = await puppeteer.launch({ executablePath, args });

// On a busy machine Lighthouse now and then loses the page's trace, and asks to be run again.
const look = async (address, more = 2) => {
  const page = await browser.newPage();
  const { lhr } = await lighthouse(address, options, undefined, page);
  await page.close();
  if (!lhr.runtimeError) return lhr;
  if (more) return look(address, more - 1);
  throw new Error(`${address}: ${lhr.runtimeError.message}`);
};

await look(visits[0]);
for (const address of visits) {
  const lhr = await look(address);
  const requests = lhr.audits["network-requests"].details.items;
  const bytes = (list) => list.reduce((sum, request) => sum + request.transferSize, 0);
  const report = { page: requests[0].transferSize, all: bytes(requests), requests: requests.length };
  report.fonts = bytes(requests.filter((request) => request.resourceType === "Font"));
  for (const name of categories) report[name] = 100 * lhr.categories[name].score;
  for (const name in metrics) report[name] = lhr.audits[metrics[name]].numericValue;
  const work = lhr.audits["mainthread-work-breakdown"].details.items;
  report.layout = work.find(({ group }) => group === "styleLayout")?.duration ?? 0;
  const short = categories.filter((name) => lhr.categories[name].score < 1);
  report.short = short.flatMap((name) =>
    lhr.categories[name].auditRefs
      .filter(({ id, weight }) => weight && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({ id }) => lhr.audits[id].title),
  );
  console.log(JSON.stringify(report));
}

for (let click = 0; click < 5; click++) {
  const page = await browser.newPage();
  await page.goto(from);
  const link = await page.$("[rel=next]");
  await link.scrollIntoView();
  await link.hover();
  await new Promise((done) => setTimeout(done, 1000));
  await page.mouse.down();
  const clicked = Date.now();
  await Promise.all([page.waitForNavigation(), page.mouse.up()]);
  const painted = await page.evaluate(
    () =>
      new Promise((done) =>
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName("first-contentful-paint");
          if (paint) done(performance.timeOrigin + paint.startTime);
        }).observe({ type: "paint", buffered: true }),
      ),
  );
  console.log(painted - clicked);
  await page.close();
}
await browser.close();
