import type { Digest, InferRequest, InferResponse, ModelMetadata, Release } from '#kernel';
import type { Chipset, ChipsetKey } from './chipset.ts';
import type { MachineState } from './machine-state.ts';

/** An OCI image on disk that `docker load` takes: a layout that also holds a docker-archive manifest.json. */
export type ImageOnDisk = { layout: string; manifest: Digest; config: Digest };

/**
 * The stock runtime that a release names, as an image for whoever runs images: its bytes are brought here when they are asked
 * for, of an OCI platform. `installation`: it is the one whose sources and engine lie here, so that it can be run without its
 * image; `configuration`: another one, which somebody chose by digest.
 */
export type RuntimeImage = { from: 'installation' | 'configuration'; load: (platform: string) => Promise<ImageOnDisk> };

/** What a runner needs to serve a release. */
export type Servable =
  | {
      kind: 'model';
      release: Release;
      /** Folder with model.yaml and weights, exactly the bytes of the model image. */
      folder: string;
      /** Null where there is none (then `process` only). */
      runtimeImage: RuntimeImage | null;
    }
  | {
      kind: 'container';
      release: Release;
      imageFor: (platform: string) => ImageOnDisk;
      /** How its server calls what it serves, where the configuration says so; null is found out. */
      serves?: { name: string | null; version: string | null };
    };

/** The runners that there are, by the name under which they are chosen. */
export const RUNNERS = ['process', 'docker'] as const;
export type RunnerName = (typeof RUNNERS)[number];

/** Starts models; nothing outside it knows whether a process, a container or another machine answers. */
export interface ModelRunner {
  readonly name: RunnerName;
  /** Whether what it runs can reach anything but its inputs. */
  readonly sandboxed: boolean;
  /** The key of the chipset as it is found here. */
  detect(chipset: Chipset): Promise<ChipsetKey>;
  /** What the chipset requires and this host lacks; empty when it can be measured here. */
  missing(chipset: Chipset): Promise<readonly string[]>;
  /** Whether it serves models there by the image of their runtime, and not by what lies in this installation. */
  runsImage(chipset: Chipset): Promise<boolean>;
  /** What the machine that models run on has done so far; left out where nobody can tell. */
  machineState?(): Promise<MachineState>;
  /**
   * Resolves when the model is ready.
   * @throws CouldNotRun with the end of the model's log when it crashes or is not ready within `readyWithin` ms
   */
  start(servable: Servable, chipset: Chipset, options?: StartOptions): Promise<RunningModel>;
}

/** Milliseconds. */
export type StartOptions = {
  readyWithin?: number;
  answerWithin?: number;
  signal?: AbortSignal;
};

export interface RunningModel {
  readonly metadata: ModelMetadata;
  /**
   * @throws CouldNotRun when the model crashed, answered garbage, exceeded its memory, or did not answer in time; the
   *   message holds the end of its log
   */
  infer(request: InferRequest): Promise<InferResponse>;
  /** How its server had to be spoken to, as a sentence, once something was asked; null where there is nothing to say. */
  manner(): string | null;
  /** Stops it from using the CPU until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Highest resident memory seen, in bytes; null when unknown. */
  peakMemory(): Promise<number | null>;
  stop(): Promise<void>;
}
