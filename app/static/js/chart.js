// Charts of the numbers that a page holds as JSON; the same numbers stand beside them as a table, which is the original.

import { words } from "./words.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const drawn = new Map(); // the box of each chart → what draws in it

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette() {
  return [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`--chart-${number}`));
}

const TONES = { green: "--chart-green", amber: "--chart-amber", red: "--chart-red", quiet: "--chart-quiet" };

const MANY = 36; // points of a line: more of them are drawn small

function axes(told, text, line) {
  const names = {
    type: "category", data: told.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
    axisLabel: { color: text, interval: told.kind === "line" ? "auto" : 0, hideOverlap: true, width: 110, overflow: "truncate" },
  };
  const values = {
    // Room above the highest point of a line, which would lie on the edge otherwise and lose its tip.
    type: "value", minInterval: 1, boundaryGap: told.kind === "line" ? [0, "5%"] : [0, 0], axisLabel: { color: text },
    splitLine: { lineStyle: { color: line } },
  };
  return told.kind === "hbar" ? { xAxis: values, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: values };
}

function series(told, text, sheet) {
  if (told.kind === "pie") {
    const [one] = told.series;
    return [{
      type: "pie", name: one.name, radius: ["46%", "74%"], center: ["50%", "44%"], itemStyle: { borderColor: sheet, borderWidth: 2 },
      label: { color: text, formatter: "{b} {c}" },
      data: told.labels.map((name, place) => ({ name, value: one.values[place] })),
    }];
  }
  const line = told.kind === "line";
  return told.series.map((one) => ({
    type: line ? "line" : "bar", name: one.name, data: one.values,
    stack: told.kind === "stacked" ? "all" : undefined,
    barMaxWidth: 28, smooth: false, clip: !line,
    showAllSymbol: true, symbolSize: told.labels.length > MANY ? 4 : 7,
    itemStyle: TONES[one.tone] ? { color: colour(TONES[one.tone]) } : {},
    label: told.series.length === 1 && !line
      ? { show: true, position: told.kind === "hbar" ? "right" : "top", color: text } : { show: false },
  }));
}

function option(told) {
  const [text, line, sheet] = [colour("--quiet"), colour("--line"), colour("--sheet")];
  const several = told.series.length > 1 || told.kind === "pie";
  return {
    animation: !calm,
    color: palette(),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    aria: { enabled: true, decal: { show: several && told.kind !== "line" } },
    tooltip: {
      // Drawn on the canvas: a box of HTML would need inline styles, which the content policy refuses.
      renderMode: "richText", trigger: told.kind === "pie" ? "item" : "axis", confine: true,
      backgroundColor: sheet, borderColor: line, textStyle: { color: colour("--tblr-body-color") },
      axisPointer: { type: "shadow" }, valueFormatter: (value) => `${value}${told.unit ?? ""}`,
    },
    legend: several ? { bottom: 0, type: "scroll", textStyle: { color: text }, pageTextStyle: { color: text } } : undefined,
    ...(told.kind === "pie" ? {} : {
      grid: { left: 8, right: told.kind === "hbar" ? 40 : 16, top: 24, bottom: several ? 36 : 8, containLabel: true },
      ...axes(told, text, line),
    }),
    series: series(told, text, sheet),
  };
}

async function draw(box) {
  const told = JSON.parse(box.querySelector("script").textContent);
  const { init } = await import(words("chart").library);
  const place = document.createElement("div");
  place.className = "chart-canvas";
  box.append(place);
  const chart = init(place, null, { renderer: "canvas" });
  const show = () => chart.setOption(option(told), true);
  show();
  chart.on("click", ({ dataIndex }) => { if (told.links?.[dataIndex]) location.assign(told.links[dataIndex]); });
  new ResizeObserver(() => chart.resize()).observe(place);
  drawn.set(box, show);
}

const boxes = [...document.querySelectorAll("[data-chart]")];
// The library is large; it is fetched when the first chart is about to be seen.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) { seen.unobserve(target); draw(target); }
  }
}, { rootMargin: "200px" });
boxes.forEach((box) => seen.observe(box));
new MutationObserver(() => drawn.forEach((show) => show()))
  .observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
