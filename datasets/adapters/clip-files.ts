import { CouldNotRun, type Problem } from '#kernel';
import type { UsedFile } from '../check-files.ts';
import { clipId, type DeclaredClip } from '../declared.ts';
import { pictureFile } from '../folder-samples.ts';
import { readPlaylist, type ListedSegment } from '../playlist.ts';
import { isVideo } from '../video-kind.ts';
import type { DataFolder } from './data-folder.ts';

/** The files of clips that are more than one file, by the clips' ids; of none that is not there. */
export type ClipFiles = {
  /** All of them: frames or segments in order, a playlist first. */
  files: ReadonlyMap<string, readonly string[]>;
  /** Of folders and playlists of segments. */
  segments: ReadonlyMap<string, readonly ListedSegment[]>;
  problems: readonly Problem[];
};

/** Where clips are: the folder of the data, how messages name what is in it, and what reads a file once its pin was compared. */
export type ClipPlace = {
  folder: DataFolder;
  display: (path: string) => string;
  read: (path: string) => Promise<Uint8Array>;
};

type Listed = { files: readonly string[]; segments: readonly ListedSegment[]; problems: readonly Problem[] };

export async function listClipFiles(clips: readonly DeclaredClip[], place: ClipPlace): Promise<ClipFiles> {
  const lists = clips.map(async ({ media }) => [clipId(media), await listOne(media, place)] as const);
  const listed = (await Promise.all(lists)).flatMap(([id, list]) => (list === undefined ? [] : [[id, list] as const]));
  return {
    files: new Map(listed.map(([id, { files }]) => [id, files])),
    segments: new Map(listed.map(([id, { segments }]) => [id, segments])),
    problems: listed.flatMap(([, { problems }]) => problems),
  };
}

/** A clip that is not there stands for itself, so that it is named as missing. */
export function usedBy(clip: DeclaredClip, files: ClipFiles['files']): readonly UsedFile[] {
  const id = clipId(clip.media);
  const field = { video: 'file', playlist: 'file', segments: 'segments', frames: 'frames' }[clip.media.kind];
  return (files.get(id) ?? [id]).map((path) => ({ path, at: clip.at([field]) }));
}

async function listOne(media: DeclaredClip['media'], place: ClipPlace): Promise<Listed | undefined> {
  if (media.kind === 'playlist') return await listPlaylist(media.file, place);
  if (media.kind === 'video') return undefined;
  const isWanted = media.kind === 'frames' ? (name: string) => pictureFile.test(name) : isVideo;
  const files = await listFolder(media.folder, place.folder, isWanted);
  if (files === undefined) return undefined;
  const segments = media.kind === 'frames' ? [] : files.map((file) => ({ file, header: null }));
  return { files, segments, problems: [] };
}

const naturally = new Intl.Collator('en', { numeric: true });

/** Files of a folder in natural order (2 before 10). */
async function listFolder(
  path: string,
  folder: DataFolder,
  isWanted: (name: string) => boolean,
): Promise<readonly string[] | undefined> {
  const children = await folder.list(path);
  if (children === undefined) return undefined;
  const names = [...children.keys()].filter((name) => isWanted(name) && !name.startsWith('.'));
  return names.toSorted((a, b) => naturally.compare(a, b) || (a < b ? -1 : 1)).map((name) => `${path}/${name}`);
}

async function listPlaylist(path: string, { folder, display, read }: ClipPlace): Promise<Listed | undefined> {
  if ((await folder.kindOf(path)) !== 'file') return undefined;
  const { value: segments, problems } = readPlaylist(decodeUtf8(await read(path), display(path)), path, { file: display(path) });
  const files = new Set([path, ...segments.flatMap(({ file, header }) => (header === null ? [file] : [header, file]))]);
  return { files: [...files], segments, problems };
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CouldNotRun({ file, message: 'is not UTF-8 text', remedy: 'restore the playlist' }, { cause });
  }
}
