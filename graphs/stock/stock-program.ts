import type { StageProgram } from '../stage-program.ts';
import type { StockSettings } from '../stock-stages.ts';
import { cropStage } from './crop.ts';
import { drawStage } from './draw.ts';
import { eventsStage, type StreamedRule } from './events.ts';
import { indexStage } from './index-stage.ts';
import { motionStage } from './motion.ts';
import { sampleStage } from './sample.ts';

/** A stock stage at work. `rule`: the footage's, with the threshold of the detector that it stands behind. */
export function stockProgram(settings: StockSettings, rule: StreamedRule): StageProgram {
  switch (settings.stock) {
    case 'decode':
      return { take: (message) => [message] };
    case 'sample':
      return sampleStage(settings);
    case 'motion':
      return motionStage(settings);
    case 'crop':
      return cropStage(settings);
    case 'events':
      return eventsStage({ ...rule, threshold: settings.threshold ?? rule.threshold });
    case 'index':
      return indexStage(settings);
    case 'draw':
      return drawStage();
  }
}
