export { scoreModels, type ScorePorts, type ScoreRequest } from './score-models.ts';
