export { drawClock } from './clock-picture.ts';
export { renderClock } from './clock-view.ts';
export { renderAuditPage } from './audit-page.ts';
export { renderAudit, renderAuditJson } from './audit-view.ts';
export { detectionCurve } from './html/detection-curve.ts';
export {
  type AuditedChange,
  type AuditedGate,
  type AuditedModel,
  type AuditedStep,
  type AuditReport,
  auditReportSchema,
  type Dose,
  type Rate,
} from './documents/audit-report.ts';
export { renderConfidence } from './confidence-view.ts';
export { compareReports } from './compare-reports.ts';
export { confidenceWords } from './confidence-words.ts';
export {
  type CheckReport,
  checkReportSchema,
  type Exhibit,
  type Film,
  type Finding,
  type LatencyReport,
  type ModelReport,
} from './documents/check-report.ts';
export { type ClockReport, clockReportSchema } from './documents/clock-report.ts';
export { type Diagnosis, type DoctorReport, doctorReportSchema } from './documents/doctor-report.ts';
export {
  type Bearing,
  type PlaceMeasure,
  type PlaceReport,
  placeReportSchema,
  type OrderOfRuns,
  type PlacementReport,
} from './documents/place-report.ts';
export { parseReport } from './documents/parse-report.ts';
export { endedProblem, parseProblems, writeProblems } from './documents/problems-file.ts';
export { type ScoredDataset, type ScoredModel, type ScoreReport, scoreReportSchema } from './documents/score-report.ts';
export { type WatchedRollout, type WatchReport, watchReportSchema } from './documents/watch-report.ts';
export { renderDoctor } from './doctor-view.ts';
export { escapeMarkdown } from './escape-markdown.ts';
export {
  type Announced,
  type ProposedLabelling,
  type ReplayReport,
  replayReportSchema,
  type SignalReport,
  type SiteReport,
} from './documents/replay-report.ts';
export { findingName, inShort, unlikeFirst, unsettled } from './findings.ts';
export { formatMeasure } from './format-measure.ts';
export { formatGain, formatInterval, formatShort, UNKNOWN } from './format.ts';
export { picture } from './html/exhibits.ts';
export { forest, metricName } from './html/forest.ts';
export { axisPlot, type Drawn, intervalPlot } from './html/interval-plot.ts';
export { latencyPanel } from './html/latency.ts';
export { icon, verdictWord, WORD } from './html/marks.ts';
export { notesList, sitesSection } from './html/sections.ts';
export { style } from './html/style.ts';
export { type Content, html, Markup, trusted } from './html/template.ts';
export { dominated } from './frontier.ts';
export { cutTitle } from './github/limits.ts';
export { renderProblems, renderProblemsComment } from './github/render-problems.ts';
export { type Part, renderStarted, type Started } from './github/render-started.ts';
export { renderUntouched, renderUntouchedComment } from './github/render-untouched.ts';
export { commentMarker, renderCheckRun, renderComment, renderJobSummary } from './github/render-verdict.ts';
export type { PictureUrls } from './github/pictures.ts';
export type { Links } from './github/links.ts';
export { type LedgerRow, renderLedger } from './ledger-view.ts';
export { type OtlpTraces, otlpTraces } from './otlp-traces.ts';
export { iterationPath } from './page-path.ts';
export { painter } from './painter.ts';
export { canDecide, type PlannedGate, type PlanReport, renderPlan, sayGate } from './plan-view.ts';
export { renderHtml, renderJson, renderMarkdown, renderTerminal } from './render.ts';
export { movedWords, swapWords } from './place-rows.ts';
export { renderPlacePage } from './place-page.ts';
export { renderPlace, renderPlaceJson, renderPlaceMarkdown } from './place-view.ts';
export { renderReplayPage } from './replay-page.ts';
export { renderReplay } from './replay-view.ts';
export { renderScorePage } from './score-page.ts';
export { renderScore, renderScoreJson } from './score-view.ts';
export { renderShip } from './ship-view.ts';
export { cut } from './text-table.ts';
export { renderWatch } from './watch-view.ts';
