export { type Box, boxesOf } from './boxes.ts';
export { footageRule, thresholdOf } from './footage-rule.ts';
export { type Edge, edgesOf, type Graph, inOrder, modelsOf, type ModelTask, portsOf, sourcesOf, type Stage } from './graph.ts';
export { AXES, type Axis, type GraphGate } from './graph-gate.ts';
export { type Fault, graphFaults } from './graph-rules.ts';
export { InputQueue } from './input-queue.ts';
export {
  BOX_COLUMNS,
  CONTRACT_VERSION,
  MESSAGE_KINDS,
  type Message,
  type MessageKind,
  type MessageOf,
  type Stamp,
} from './message.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
export { type AskedModel, modelStage } from './model-stage.ts';
export {
  type Crossing,
  crossingsOf,
  type Link,
  type LinkProfile,
  type Place,
  type Placement,
  placementFaults,
  placesApart,
  placesOf,
} from './placement.ts';
export { type Arrival, Numbering, SequenceWatch } from './sequence-watch.ts';
export type { Made, StageProgram } from './stage-program.ts';
export type { StreamedRule } from './stock/events.ts';
export { stockProgram } from './stock/stock-program.ts';
export { type ToldStage, toldStageSchema } from './told-stage.ts';
export { STOCK, type StockName, type StockSettings } from './stock-stages.ts';
