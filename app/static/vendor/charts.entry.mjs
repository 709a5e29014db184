// The parts of ECharts that the platform draws with; fetch.py bundles them into echarts/echarts.js.
import { init, use } from "echarts/core";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

// Canvas, since the SVG renderer writes style attributes, which the content policy refuses.
use([
  BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, LabelLayout,
  CanvasRenderer,
]);

export { init };
